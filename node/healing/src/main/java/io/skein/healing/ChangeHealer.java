package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Observed;
import io.skein.healing.action.Action.RollBack;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ServiceFacts;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Finds changes of services that make their requests fail, and takes them back.
///
/// A change is harmful if within a minute of it at least half of the requests of the last seconds
/// fail, and at most one in twenty did right before it; both by at least twenty requests. What was
/// failing already is nobody's fault, and what fails later has other causes.
final class ChangeHealer {
  private static final long LEAST_REQUESTS = 20;
  private static final double WELL = 0.05;
  private static final double HARMED = 0.5;
  private static final long BLAMED_NANOS = 60_000_000_000L;
  // Requests from before the change end in the first second; then it is looked at a second more.
  private static final long PERSISTS_NANOS = 1_000_000_000L;

  private final Turns turns;
  private final Map<String, Watch> watches = new TreeMap<>();

  private static final class Watch {
    String change;
    boolean wellBefore;
    final Moment changed = new Moment();
    final Moment harmed = new Moment();
    final Moment decided = new Moment();
    final Moment told = new Moment();
    Optional<Diagnosis> found = Optional.empty();

    Watch(String change) {
      this.change = change;
    }
  }

  ChangeHealer(Turns turns) {
    this.turns = turns;
  }

  void step(Facts facts, Situation situation, long nowNanos, List<Action> actions) {
    watches.keySet().retainAll(situation.services().keySet());
    situation
        .services()
        .forEach((service, about) -> {
          Watch watch = watches.computeIfAbsent(service, _ -> new Watch(about.change()));
          look(service, about, watch, nowNanos);
          watch.found.ifPresent(
              found -> consider(service, about, found, watch, facts, situation, nowNanos, actions));
        });
  }

  private static void look(String service, ServiceFacts about, Watch watch, long nowNanos) {
    Figures recent = about.recent();
    boolean told = recent.requests() >= LEAST_REQUESTS;
    if (!watch.change.equals(about.change())) {
      watch.change = about.change();
      watch.wellBefore = told && recent.failureShare() <= WELL;
      watch.changed.set(nowNanos);
      watch.harmed.clear();
    }
    boolean harmed =
        told
            && watch.wellBefore
            && about.revertible()
            && watch.changed.isSet()
            && watch.changed.ageNanos(nowNanos) <= BLAMED_NANOS
            && recent.failureShare() >= HARMED;
    if (harmed) {
      watch.harmed.setIfUnset(nowNanos);
      watch.found =
          Optional.of(
              new Diagnosis.ChangeHarmful(
                  service, recent.failed(), recent.requests(), watch.changed.ageNanos(nowNanos)));
    } else {
      watch.harmed.clear();
      watch.found = Optional.empty();
    }
  }

  private void consider(
      String service,
      ServiceFacts about,
      Diagnosis found,
      Watch watch,
      Facts facts,
      Situation situation,
      long nowNanos,
      List<Action> actions) {
    int rank = Owners.rankOfService(service, facts);
    if (!situation.acting().contains(ActionKind.ROLL_BACK)) {
      if (turns.wouldBe(watch.harmed, PERSISTS_NANOS, watch.told, rank, nowNanos)) {
        watch.told.set(nowNanos);
        actions.add(new Observed(ActionKind.ROLL_BACK, service, found.kind(), found.evidence()));
      }
    } else if (turns.isToAccuse(watch.harmed, PERSISTS_NANOS, watch.decided, rank, nowNanos)) {
      watch.decided.set(nowNanos);
      actions.add(new RollBack(service, about.change(), found.evidence()));
    }
  }

  /// What was found at the last step.
  List<Diagnosis> diagnoses() {
    List<Diagnosis> all = new ArrayList<>();
    watches.values().forEach(watch -> watch.found.ifPresent(all::add));
    return all;
  }
}
