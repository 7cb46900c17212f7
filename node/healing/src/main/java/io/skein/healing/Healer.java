package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Observed;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.action.Action.Restore;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.action.Action.Shift;
import io.skein.healing.action.Action.Unshift;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.routing.ejection.Ailment;
import io.skein.routing.ejection.Finding;
import io.skein.routing.ejection.OutlierRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Diagnoses endpoints and nodes and decides repairs. Confined to one thread; call [#step] every
/// 100 ms or so.
///
/// The idea. Every node runs the same healer over facts that are nearly the same. For each subject
/// the live nodes that reach it are ranked by [Rendezvous]; the node of rank r waits r · 150 ms
/// after it first saw the reason, and decides only if no verdict has arrived by then. So normally
/// one node decides; when the owner saw nothing, because it has no traffic there or has just died,
/// the next one does, and two verdicts at worst say the same. Nobody votes and nobody coordinates.
///
/// Whoever doubts itself ([io.skein.healing.diagnosis.SelfDoubt]) waits longer before it accuses,
/// so that another, who does not, comes first. Where more than one action is possible, the one is
/// drawn that has worked ([io.skein.healing.swarm.Strengths]); what is only to be observed is told,
/// not done.
///
/// Setting aside never goes below the panic floor: a dead endpoint is no loss, a failing one goes
/// only if another remains, a slow one only if half of its service remains. Since two nodes may set
/// aside two endpoints at the same moment, the floor is also restored: if all of a service are set
/// aside and some are not dead, the least grave comes back at once.
///
/// A verdict ends by good probes in a row, after a least time that doubles with each relapse, so
/// that an endpoint that only probes well is tried ever more rarely. That is a luxury of services
/// with enough others: where fewer than half are in use the least time does not double, and where
/// none is, one good probe is enough at once: nothing can be worse than no endpoint.
///
/// Of an endpoint whose probes belie its requests ([Testimony]) good probes say little: its least
/// time is longer, and it comes back on trial, with a part of its weight until requests show that
/// it serves.
public final class Healer {
  private final HealerConfig config;
  private final OutlierRules rules;
  private final Map<String, EndpointWatch> watches = new TreeMap<>();
  private final Map<String, Diagnosis> diagnoses = new TreeMap<>();
  private final Turns turns;
  private final NodeHealer nodes;
  private final DrainHealer drains;
  private final ChangeHealer changes;
  private final HomeHealer homes;

  /// @param nowNanos monotonic now
  public Healer(HealerConfig config, long nowNanos) {
    this.config = config;
    this.rules = new OutlierRules(config.outliers());
    this.turns = new Turns(config, nowNanos);
    this.nodes = new NodeHealer(turns);
    this.drains = new DrainHealer(turns);
    this.changes = new ChangeHealer(turns);
    this.homes = new HomeHealer(turns);
  }

  /// Decides what this node does now.
  ///
  /// @param facts as known now
  /// @param nowNanos monotonic now
  /// @return actions in the order of their subjects
  public List<Action> step(Facts facts, long nowNanos) {
    return step(facts, Situation.CALM, nowNanos);
  }

  /// Decides what this node does now.
  ///
  /// @param facts as known now
  /// @param situation what else there is to take into account
  /// @param nowNanos monotonic now
  /// @return actions in the order of their subjects
  public List<Action> step(Facts facts, Situation situation, long nowNanos) {
    List<Action> actions = new ArrayList<>();
    diagnoses.clear();
    turns.patience(situation.patience());
    watches.keySet().retainAll(facts.endpoints().keySet());
    ServiceView services =
        new ServiceView(facts, undecided(nowNanos), config.outliers().slowMinRequests());
    facts
        .endpoints()
        .forEach((id, endpoint) ->
            stepEndpoint(id, endpoint, facts, situation, services, nowNanos, actions));
    services.byService().values().forEach(ids -> keepFloor(ids, facts, nowNanos, actions));
    nodes.step(facts, situation, nowNanos, actions);
    drains.step(facts, situation, nowNanos, actions);
    changes.step(facts, situation, nowNanos, actions);
    homes.step(facts, situation, id -> asideNanos(id, facts, services), nowNanos, actions);
    return actions;
  }

  private long asideNanos(String endpoint, Facts facts, ServiceView services) {
    EndpointFacts about = facts.endpoints().get(endpoint);
    Verdict verdict = facts.verdicts().get(endpoint);
    EndpointWatch watch = watches.get(endpoint);
    return about == null || verdict == null || watch == null
        ? 0
        : watch.asideNanos(verdict, services.need(about.service()));
  }

  /// What is wrong with endpoints, as of the last step: of those in use what this node sees, of
  /// those set aside what they are set aside for. Then what is wrong with changes of services, and
  /// which endpoints are reached from here and not from their homes.
  public List<Diagnosis> diagnoses() {
    List<Diagnosis> all = new ArrayList<>(diagnoses.values());
    all.addAll(changes.diagnoses());
    all.addAll(homes.diagnoses());
    return all;
  }

  /// What is wrong with an endpoint, as of the last step.
  public Optional<Diagnosis> diagnosis(String endpoint) {
    return Optional.ofNullable(diagnoses.get(endpoint));
  }

  /// An action made things worse and is undone: it is not tried again on this endpoint for the time
  /// within which a return would be a relapse.
  public void hold(String endpoint, ActionKind kind, long nowNanos) {
    if (kind == ActionKind.RE_HOME) {
      homes.hold(endpoint, nowNanos);
      return;
    }
    EndpointWatch watch = watches.get(endpoint);
    if (watch != null) {
      watch.hold(kind, nowNanos);
    }
  }

  /// Whether the limit on shared actions has room for one more, which this takes.
  public boolean mayTell(long nowNanos) {
    return turns.take(nowNanos);
  }

  /// When to look again sooner than usual: an endpoint that is set aside answered well, and the
  /// next probe of it is due then. `Long.MAX_VALUE` if there is no hurry.
  public long hurriesAtNanos() {
    return watches.values().stream()
        .mapToLong(EndpointWatch::hurriesAtNanos)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private Set<String> undecided(long nowNanos) {
    Set<String> ids = new TreeSet<>();
    watches.forEach((id, watch) -> {
      if (watch.awaitsOwnDecision(nowNanos, config.confirmNanos())) {
        ids.add(id);
      }
    });
    return ids;
  }

  private void stepEndpoint(
      String id,
      EndpointFacts endpoint,
      Facts facts,
      Situation situation,
      ServiceView services,
      long nowNanos,
      List<Action> actions) {
    EndpointWatch watch =
        watches.computeIfAbsent(id, _ -> new EndpointWatch(config.aside(), rules));
    Verdict verdict = facts.verdicts().get(id);
    long othersMedian = services.othersMedianNanos(id);
    if (verdict == null) {
      watch.inUse(endpoint, nowNanos);
      Optional<Finding> found = watch.diagnose(endpoint, othersMedian, nowNanos);
      Verdict shift = situation.shifted().get(id);
      if (shift == null) {
        watch.unshifted(nowNanos);
      } else {
        boolean bad =
            found.isPresent()
                || watch.slow(endpoint, othersMedian)
                || EndpointWatch.unproven(shift, endpoint);
        watch.shifted(shift, bad, nowNanos);
        if (turns.is(watch.ready(), 0, watch.decided(), rank(id, facts), nowNanos)) {
          watch.decided().set(nowNanos);
          String evidence =
              shift.diagnosis() == Ailment.LYING
                  ? "its requests are answered"
                  : "its answers are in range again";
          actions.add(new Unshift(id, shift.cause(), evidence));
        }
      }
      if (found.isEmpty()) {
        watch.signal().clear();
        return;
      }
      watch.signal().setIfUnset(nowNanos);
      Finding finding = found.get();
      diagnoses.put(id, Diagnosis.of(id, finding.diagnosis(), finding.evidence(), watch.times()));
      considerRepair(id, finding, watch, facts, situation, services, nowNanos, actions);
    } else {
      watch.setAside(endpoint, verdict, othersMedian, services.need(endpoint.service()), nowNanos);
      diagnoses.put(id, Diagnosis.of(id, verdict.diagnosis(), "is set aside", watch.times()));
      if (rank(id, facts) >= 0 && watch.takeProbe(endpoint.probeTimeoutNanos(), nowNanos)) {
        actions.add(new ProbeDue(id));
      }
      if (turns.is(watch.ready(), 0, watch.decided(), rank(id, facts), nowNanos)) {
        watch.decided().set(nowNanos);
        String evidence = watch.goodProbes() + " good probes in a row";
        actions.add(new Restore(id, verdict.cause(), evidence));
        if (verdict.diagnosis() == Ailment.LYING
            && services.hasOther(id)
            && situation.acting().contains(ActionKind.SHIFT)) {
          actions.add(new Shift(id, Ailment.LYING, "on trial: its probes say nothing"));
        }
      }
    }
  }

  private void considerRepair(
      String id,
      Finding found,
      EndpointWatch watch,
      Facts facts,
      Situation situation,
      ServiceView services,
      long nowNanos,
      List<Action> actions) {
    long persists =
        switch (found.diagnosis()) {
          case DEAD, LYING, FAILING -> 0;
          case SLOW -> config.slowPersistsNanos();
        };
    if (watch.awaitsOwnDecision(nowNanos, config.confirmNanos())) {
      return;
    }
    List<ActionKind> possible = possible(id, found, watch, situation, services, nowNanos);
    if (possible.isEmpty()) {
      return;
    }
    String kind = Diagnosis.of(id, found.diagnosis(), found.evidence(), 1).kind();
    ActionKind chosen = situation.strengths().choose(kind, possible, id);
    int rank = rank(id, facts);
    if (!situation.acting().contains(chosen)) {
      if (turns.wouldBe(watch.signal(), persists, watch.observed(), rank, nowNanos)) {
        watch.observed().set(nowNanos);
        actions.add(new Observed(chosen, id, kind, found.evidence()));
      }
      return;
    }
    if (turns.isToAccuse(watch.signal(), persists, watch.decided(), rank, nowNanos)) {
      watch.decided().set(nowNanos);
      if (chosen == ActionKind.SHIFT) {
        actions.add(new Shift(id, found.diagnosis(), found.evidence()));
      } else {
        services.leaves(id);
        actions.add(new SetAside(id, found.diagnosis(), found.evidence()));
      }
    }
  }

  // A dead or failing endpoint can only be set aside: a part of the requests would fail too.
  private static List<ActionKind> possible(
      String id,
      Finding found,
      EndpointWatch watch,
      Situation situation,
      ServiceView services,
      long nowNanos) {
    List<ActionKind> possible = new ArrayList<>();
    boolean shifted = situation.shifted().containsKey(id);
    boolean slow = found.diagnosis() == Ailment.SLOW;
    if (services.maySpare(id, found.diagnosis())
        && !watch.holds(ActionKind.SET_ASIDE, nowNanos)
        && (!slow || !shifted || watch.shiftedInVain(nowNanos))) {
      possible.add(ActionKind.SET_ASIDE);
    }
    if (slow && !shifted && services.hasOther(id) && !watch.holds(ActionKind.SHIFT, nowNanos)) {
      possible.add(ActionKind.SHIFT);
    }
    return possible;
  }

  // Of a service that has lost all its endpoints, the one that is least badly off comes back.
  private void keepFloor(List<String> ids, Facts facts, long nowNanos, List<Action> actions) {
    Optional<String> best = Optional.empty();
    for (String id : ids) {
      Verdict verdict = facts.verdicts().get(id);
      if (verdict == null) {
        return;
      }
      boolean dead = verdict.diagnosis() == Ailment.DEAD;
      if (!dead && best.map(other -> graver(other, verdict, facts)).orElse(true)) {
        best = Optional.of(id);
      }
    }
    if (best.isEmpty()) {
      return;
    }
    String id = best.get();
    EndpointWatch watch = watches.get(id);
    Verdict verdict = facts.verdicts().get(id);
    if (watch == null || verdict == null) {
      return;
    }
    Moment since = new Moment();
    since.set(Math.min(nowNanos, verdict.sinceNanos()));
    if (turns.is(since, 0, watch.decided(), rank(id, facts), nowNanos)) {
      watch.decided().set(nowNanos);
      actions.add(new Restore(id, verdict.cause(), "nothing else is left of its service"));
    }
  }

  private static boolean graver(String other, Verdict than, Facts facts) {
    Verdict verdict = facts.verdicts().get(other);
    return verdict != null && verdict.diagnosis().compareTo(than.diagnosis()) < 0;
  }

  private static int rank(String endpoint, Facts facts) {
    return Owners.rankOfEndpoint(endpoint, facts);
  }
}
