package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Drain;
import io.skein.healing.action.Action.Observed;
import io.skein.healing.action.Action.Resume;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.healing.swarm.ActionKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Has nodes drained that still serve and will not for long ([DrainRules]).
///
/// Where more than half of the nodes are ill at once nobody is drained: the cause is common, and
/// what one sheds the others would get. A drained node takes traffic again once it has been well
/// for 30 s, twice as long with each relapse within ten minutes, up to eight minutes; at once when
/// the rules do not allow it any more, because others went. Nobody decides of itself, but a node
/// with nobody else to ask may end its own drain.
final class DrainHealer {
  private static final long WELL_NANOS = 30_000_000_000L;
  private static final int MOST_DOUBLINGS = 4;
  private static final long RELAPSE_NANOS = 600_000_000_000L;

  private final Turns turns;
  private final Map<String, Watch> watches = new TreeMap<>();

  private static final class Watch {
    private final Moment ill = new Moment();
    private final Moment well = new Moment();
    private final Moment disallowed = new Moment();
    private final Moment ended = new Moment();
    private final Moment decided = new Moment();
    private final Moment told = new Moment();
    private String kind = "";
    private boolean drained;
    private int relapses;

    void see(boolean drainedNow, String kindNow, long nowNanos) {
      if (!kindNow.equals(kind)) {
        kind = kindNow;
        ill.clear();
        well.clear();
      }
      (kind.isEmpty() ? well : ill).setIfUnset(nowNanos);
      if (drainedNow && !drained) {
        relapses = ended.ageNanos(nowNanos) <= RELAPSE_NANOS ? relapses + 1 : 0;
      } else if (drained && !drainedNow) {
        ended.set(nowNanos);
      }
      drained = drainedNow;
    }

    long wellNanos() {
      return WELL_NANOS << Math.min(relapses, MOST_DOUBLINGS);
    }
  }

  DrainHealer(Turns turns) {
    this.turns = turns;
  }

  void step(Facts facts, Situation situation, long nowNanos, List<Action> actions) {
    SortedMap<String, Diagnosis> ill = new TreeMap<>(situation.ill());
    ill.keySet().retainAll(facts.live());
    SortedMap<String, String> drained = new TreeMap<>(situation.drained());
    drained.keySet().retainAll(facts.live());
    watches.keySet().retainAll(facts.live());
    SortedSet<String> takenOut = new TreeSet<>(drained.keySet());
    boolean common = ill.size() * 2 > facts.live().size();
    for (String node : facts.live()) {
      Diagnosis found = ill.get(node);
      String cause = drained.get(node);
      Watch watch = watches.computeIfAbsent(node, _ -> new Watch());
      watch.see(cause != null, found == null ? "" : found.kind(), nowNanos);
      if (cause != null) {
        resume(node, cause, watch, facts, takenOut, nowNanos, actions);
      } else if (found != null && !common && DrainRules.mayDrain(node, takenOut, facts)) {
        drain(found, watch, facts, situation, takenOut, nowNanos, actions);
      }
    }
  }

  private void drain(
      Diagnosis found,
      Watch watch,
      Facts facts,
      Situation situation,
      Set<String> takenOut,
      long nowNanos,
      List<Action> actions) {
    String node = found.subject();
    int rank = Owners.rankOfNode(node, facts);
    long persists = DrainRules.persistsNanos(found).orElseThrow() + DrainRules.newsNanos(rank);
    if (!situation.acting().contains(ActionKind.DRAIN)) {
      if (turns.wouldBe(watch.ill, persists, watch.told, rank, nowNanos)) {
        watch.told.set(nowNanos);
        actions.add(new Observed(ActionKind.DRAIN, node, found.kind(), found.evidence()));
      }
    } else if (turns.isToAccuse(watch.ill, persists, watch.decided, rank, nowNanos)) {
      watch.decided.set(nowNanos);
      takenOut.add(node);
      actions.add(new Drain(node, found));
    }
  }

  // Of too many the first by id stay drained.
  private void resume(
      String node,
      String cause,
      Watch watch,
      Facts facts,
      SortedSet<String> takenOut,
      long nowNanos,
      List<Action> actions) {
    if (DrainRules.mayDrain(node, takenOut.headSet(node), facts)) {
      watch.disallowed.clear();
    } else {
      watch.disallowed.setIfUnset(nowNanos);
    }
    boolean alone = facts.live().size() == 1;
    int rank = alone ? 0 : Owners.rankOfNode(node, facts);
    if (turns.is(watch.disallowed, DrainRules.newsNanos(rank), watch.decided, rank, nowNanos)) {
      watch.decided.set(nowNanos);
      actions.add(new Resume(node, cause, "too few others are left"));
    } else if (turns.is(
        watch.well,
        watch.wellNanos() + DrainRules.newsNanos(rank),
        watch.decided,
        rank,
        nowNanos)) {
      watch.decided.set(nowNanos);
      actions.add(new Resume(node, cause, "well for " + watch.wellNanos() / 1_000_000_000L + " s"));
    }
  }
}
