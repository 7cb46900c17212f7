package io.skein.app.mesh;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import io.skein.healing.swarm.Strengths;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.routing.ejection.Ailment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Begins repairs with their records, measures what came of each, and undoes what made things
/// worse. Confined to the mesh thread.
final class RepairTrials {
  private static final long MINUTE_MILLIS = 60_000;

  private final MeshCore core;
  private final Aftermath aftermath;
  private final RepairCounts counts;
  private final HealRecords records;

  RepairTrials(MeshCore core, Aftermath aftermath, RepairCounts counts, HealRecords records) {
    this.core = core;
    this.aftermath = aftermath;
    this.counts = counts;
    this.records = records;
  }

  /// Writes the record that begins a repair, and measures what comes of it.
  ///
  /// @param diagnosis its kind
  /// @param word for it in the record
  void begin(ActionKind kind, String subject, String diagnosis, String word, String evidence) {
    String subjectKind = subjectKind(kind);
    Collection<String> concerned = concerned(subjectKind, subject);
    Figures before = aftermath.figures(concerned);
    counts.begun(kind);
    var _ =
        records
            .heal(
                kind.word(),
                subject,
                subjectKind,
                word,
                HealWords.evidence(evidence, before),
                Hash.ZERO)
            .thenAccept(record ->
                core.thread()
                    .execute(() ->
                        aftermath.begin(
                            record.hash(),
                            subject,
                            kind,
                            diagnosis,
                            concerned,
                            before,
                            System.nanoTime())));
  }

  private static String subjectKind(ActionKind kind) {
    return switch (kind) {
      case SET_ASIDE, SHIFT, RE_HOME -> Verdicts.ENDPOINT;
      case COVER, AVOID, DRAIN, REBUILD, FALL_BACK, SHED, REJOIN -> Verdicts.NODE;
      case ROLL_BACK -> Verdicts.SERVICE;
    };
  }

  /// Every endpoint there is.
  Collection<String> endpoints() {
    return concerned(Verdicts.NODE, "");
  }

  // Endpoints whose requests show what comes of a repair.
  private Collection<String> concerned(String subjectKind, String subject) {
    Collection<Catalogue.Entry> all = core.derived().catalogue().values();
    return all.stream()
        .filter(entry ->
            switch (subjectKind) {
              case Verdicts.ENDPOINT -> entry.ids().contains(subject);
              case Verdicts.SERVICE -> entry.service().service().equals(subject);
              default -> true;
            })
        .flatMap(entry -> entry.ids().stream())
        .toList();
  }

  /// Says what came of repairs that are over, and undoes what made things worse.
  void look(long nowNanos) {
    for (Aftermath.Measured measured : aftermath.due(nowNanos)) {
      var _ = records.append(measured.effect(), "what came of a repair of " + measured.subject());
      if (measured.outcome() == Outcome.WORSE) {
        undo(measured);
      }
    }
  }

  // What made things worse is undone, if it stands still. A dead endpoint stays out: its return
  // would make nothing better.
  private void undo(Aftermath.Measured measured) {
    Verdicts verdicts = core.derived().verdicts();
    String subject = measured.subject();
    Optional<Repair> standing =
        switch (measured.action()) {
          case SET_ASIDE ->
              verdicts.setAside(subject).filter(it -> Survey.ailment(it) != Ailment.DEAD);
          case SHIFT -> verdicts.shifted(subject);
          case RE_HOME -> Optional.ofNullable(core.derived().homes().get(subject));
          case AVOID -> Optional.ofNullable(verdicts.allAvoided().get(subject));
          case DRAIN -> verdicts.drained(subject);
          case ROLL_BACK -> verdicts.ofChange(subject);
          case COVER, REBUILD, FALL_BACK, SHED, REJOIN -> Optional.empty();
        };
    standing
        .filter(it -> it.record().hash().equals(measured.effect().repair()))
        .ifPresent(it -> {
          counts.undone(measured.action());
          var _ =
              records.heal(
                  measured.action().end(),
                  subject,
                  it.heal().subjectKind(),
                  "worse",
                  "it made things worse: " + HealWords.measured(measured.effect()),
                  it.record().hash());
          if (measured.action() == ActionKind.ROLL_BACK) {
            core.derived().former(subject).ifPresent(records::putBack);
          }
        });
  }

  /// What worked before: equal on all nodes with the same records, but for the minute.
  Strengths strengths() {
    List<Strengths.Deposit> deposits = new ArrayList<>();
    for (Verdicts.Told told : core.derived().verdicts().effects()) {
      Body.Effect effect = told.effect();
      ActionKind.of(effect.action())
          .ifPresent(kind ->
              deposits.add(
                  new Strengths.Deposit(
                      effect.diagnosis(),
                      kind,
                      Outcome.of(effect.outcome()),
                      HybridClock.millis(told.record().hlc()))));
    }
    return Strengths.of(deposits, core.nowMillis() / MINUTE_MILLIS * MINUTE_MILLIS);
  }
}
