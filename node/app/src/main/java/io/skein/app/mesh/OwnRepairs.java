package io.skein.app.mesh;

import static java.util.stream.Collectors.joining;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.healing.ForecastHealer;
import io.skein.healing.RejoinHealer;
import io.skein.healing.ShedHealer;
import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.diagnosis.Diagnosis.ForecastWrong;
import io.skein.healing.diagnosis.Diagnosis.NodeParted;
import io.skein.healing.signal.Parting;
import io.skein.healing.signal.Shedding;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EffectFigures;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// What this node does about itself: which model its forecasts come from, what it tells of its
/// shedding, and whether it leaves its view of the mesh to be taken in anew. One record when
/// something begins, one when it ends, and one with what came of it. Confined to the mesh thread.
final class OwnRepairs {
  private static final Set<String> ACTIONS =
      Set.of(Verdicts.FALL_BACK, Verdicts.SHED, Verdicts.REJOIN);

  private final String self;
  private final Announcer announcer;
  private final Supplier<Figures> load;
  private final BiFunction<Body, String, CompletableFuture<SignedRecord>> append;
  private final ForecastHealer forecasts;
  private final ShedHealer sheds;
  private final RejoinHealer rejoins;
  private final Map<ActionKind, CompletableFuture<SignedRecord>> begun =
      new EnumMap<>(ActionKind.class);
  private Supplier<Shedding> shedding = () -> Shedding.NONE;
  private Supplier<Parting> parting = () -> Parting.NONE;
  private UnaryOperator<String> names = id -> id;
  private Runnable rejoin = () -> {};
  private boolean looked;

  /// @param load requests of the last seconds
  /// @param append writes a record about this
  OwnRepairs(
      String self,
      Announcer announcer,
      Supplier<Figures> load,
      BiFunction<Body, String, CompletableFuture<SignedRecord>> append) {
    this.self = self;
    this.announcer = announcer;
    this.load = load;
    this.append = append;
    this.forecasts = new ForecastHealer(self);
    this.sheds = new ShedHealer(self);
    this.rejoins = new RejoinHealer(self);
  }

  /// How it is asked what this node sheds.
  void shedding(Supplier<Shedding> how) {
    shedding = how;
  }

  /// How it is asked who is heard of and not in this node's view, and how the node leaves that.
  ///
  /// @param nameOf what a node is called, by its id
  void rejoins(Supplier<Parting> how, UnaryOperator<String> nameOf, Runnable leave) {
    parting = how;
    names = nameOf;
    rejoin = leave;
  }

  /// Decides.
  ///
  /// @param open repairs that stand; asked for once
  /// @param found what is wrong, as this node finds
  /// @param mayTell whether the limit of shared actions has room for one
  List<Action> step(
      Supplier<Collection<Repair>> open,
      List<Diagnosis> found,
      Set<ActionKind> acting,
      BooleanSupplier mayTell,
      long nowNanos) {
    if (!looked) {
      looked = true;
      open.get().forEach(this::endOfEarlierRun);
    }
    List<Action> actions =
        new ArrayList<>(
            forecasts.step(
                own(found, ForecastWrong.class),
                announcer.contest().lately(ForecastHealer.SECONDS),
                acting.contains(ActionKind.FALL_BACK),
                nowNanos));
    announcer.contest().speaks(forecasts.model());
    actions.addAll(
        sheds.step(shedding.get(), load, acting.contains(ActionKind.SHED), mayTell, nowNanos));
    actions.addAll(
        rejoins.step(
            own(found, NodeParted.class),
            parting.get(),
            acting.contains(ActionKind.REJOIN),
            nowNanos));
    return actions;
  }

  private <D extends Diagnosis> Optional<D> own(List<Diagnosis> found, Class<D> kind) {
    return found.stream()
        .filter(each -> kind.isInstance(each) && each.subject().equals(self))
        .map(kind::cast)
        .findFirst();
  }

  // A node that was stopped in the middle knows nothing of it when it is back.
  private void endOfEarlierRun(Repair repair) {
    String action = repair.heal().action();
    if (ACTIONS.contains(action) && repair.record().author().toString().equals(self)) {
      ActionKind.of(action)
          .ifPresent(kind -> end(kind, "recovered", "the node began anew", repair.record().hash()));
    }
  }

  void carryOut(Own what) {
    switch (what) {
      case Own.Begun begins when begins.kind() == ActionKind.REJOIN -> {
        String who = parting.get().apart().keySet().stream().map(names).collect(joining(", "));
        var _ = begin(begins, begins.evidence() + ": " + who).thenRun(rejoin);
      }
      case Own.Begun begins -> {
        var _ = begin(begins, begins.evidence());
      }
      case Own.Ended(ActionKind kind, String why, String evidence) ->
          whenBegun(kind, record -> end(kind, why, evidence, record));
      case Own.Measured measured -> whenBegun(measured.kind(), record -> effect(measured, record));
    }
  }

  private CompletableFuture<SignedRecord> begin(Own.Begun what, String evidence) {
    CompletableFuture<SignedRecord> record =
        heal(
            what.kind().word(),
            what.diagnosis().replaceFirst("^node-", ""),
            HealWords.evidence(evidence, what.expected()),
            Hash.ZERO);
    begun.put(what.kind(), record);
    return record;
  }

  private void whenBegun(ActionKind kind, Consumer<Hash> then) {
    CompletableFuture<SignedRecord> record = begun.get(kind);
    if (record != null) {
      var _ = record.thenAccept(it -> then.accept(it.hash()));
    }
  }

  private void end(ActionKind kind, String why, String evidence, Hash cause) {
    var _ = heal(kind.end(), why, evidence, cause);
  }

  private void effect(Own.Measured measured, Hash repair) {
    var _ =
        append.apply(
            new Body.Effect(
                repair,
                measured.diagnosis(),
                measured.kind().word(),
                measured.outcome().word(),
                measured.seconds(),
                said(measured.before()),
                said(measured.after())),
            "what came of '" + measured.kind().word() + "'");
  }

  private static EffectFigures said(Figures figures) {
    return new EffectFigures(figures.requests(), figures.failed(), figures.latencyMicros());
  }

  private CompletableFuture<SignedRecord> heal(
      String action, String diagnosis, String evidence, Hash cause) {
    return append.apply(
        new Body.Heal(action, self, Verdicts.NODE, diagnosis, evidence, cause),
        "repair '" + action + "' of this node");
  }
}
