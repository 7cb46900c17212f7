package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Avoid;
import io.skein.healing.action.Action.CoverNode;
import io.skein.healing.action.Action.Observed;
import io.skein.healing.action.Action.Readmit;
import io.skein.healing.action.Action.WelcomeNode;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.healing.swarm.ActionKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Decides repairs of nodes: covers those that are gone, welcomes those that are back, later where
/// others disagree, and has nothing forwarded to those that are sick, as long as they are.
final class NodeHealer {
  // So long a node must be well before it is forwarded to again.
  private static final long WELL_NANOS = 5_000_000_000L;

  private final Turns turns;
  private final Disputes disputes = new Disputes();
  private final Map<String, NodeWatch> missing = new TreeMap<>();
  private final Map<String, NodeWatch> back = new TreeMap<>();
  private final Map<String, NodeWatch> sick = new TreeMap<>();
  private final Map<String, NodeWatch> well = new TreeMap<>();

  private static final class NodeWatch {
    final Moment reason = new Moment();
    final Moment decided = new Moment();
    final Moment told = new Moment();
  }

  NodeHealer(Turns turns) {
    this.turns = turns;
  }

  void step(Facts facts, Situation situation, long nowNanos, List<Action> actions) {
    cover(facts, situation, nowNanos, actions);
    welcome(facts, nowNanos, actions);
    avoid(facts, situation, nowNanos, actions);
    readmit(facts, situation, nowNanos, actions);
  }

  private void cover(Facts facts, Situation situation, long nowNanos, List<Action> actions) {
    Set<String> uncovered = new TreeSet<>(facts.gone());
    uncovered.removeAll(facts.covered());
    uncovered.removeAll(facts.live());
    missing.keySet().retainAll(uncovered);
    for (String node : uncovered) {
      int rank = Owners.rankOfNode(node, facts);
      NodeWatch watch = watch(missing, node, nowNanos);
      if (!situation.acting().contains(ActionKind.COVER)) {
        observe(ActionKind.COVER, node, "node-dead", "is gone", watch, rank, nowNanos, actions);
      } else if (turns.isToAccuse(watch.reason, 0, watch.decided, rank, nowNanos)) {
        watch.decided.set(nowNanos);
        actions.add(new CoverNode(node, liveShadows(node, facts)));
      }
    }
  }

  private void welcome(Facts facts, long nowNanos, List<Action> actions) {
    Set<String> returned = new TreeSet<>(facts.covered());
    returned.retainAll(facts.live());
    back.keySet().retainAll(returned);
    for (String node : returned) {
      NodeWatch watch = watch(back, node, nowNanos);
      int rank = Owners.rankOfNode(node, facts);
      if (disputes.isDue(node, nowNanos)
          && turns.is(watch.reason, 0, watch.decided, rank, nowNanos)) {
        watch.decided.set(nowNanos);
        disputes.welcomed(node, nowNanos);
        actions.add(new WelcomeNode(node));
      }
    }
  }

  // At most half of the nodes that are there: the rest would have to bear everything.
  private void avoid(Facts facts, Situation situation, long nowNanos, List<Action> actions) {
    Map<String, Diagnosis> open = new TreeMap<>(situation.sick());
    open.keySet().retainAll(facts.live());
    open.keySet().removeAll(situation.avoided().keySet());
    sick.keySet().retainAll(open.keySet());
    Set<String> avoided = new TreeSet<>(situation.avoided().keySet());
    avoided.retainAll(facts.live());
    open.forEach((node, diagnosis) -> {
      NodeWatch watch = watch(sick, node, nowNanos);
      int rank = Owners.rankOfNode(node, facts);
      if ((avoided.size() + 1) * 2 > facts.live().size()) {
        return;
      }
      if (!situation.acting().contains(ActionKind.AVOID)) {
        observe(
            ActionKind.AVOID,
            node,
            diagnosis.kind(),
            diagnosis.evidence(),
            watch,
            rank,
            nowNanos,
            actions);
      } else if (turns.isToAccuse(watch.reason, 0, watch.decided, rank, nowNanos)) {
        watch.decided.set(nowNanos);
        avoided.add(node);
        actions.add(new Avoid(node, diagnosis));
      }
    });
  }

  private void readmit(Facts facts, Situation situation, long nowNanos, List<Action> actions) {
    Map<String, String> over = new TreeMap<>(situation.avoided());
    over.keySet().retainAll(facts.live());
    over.keySet().removeAll(situation.sick().keySet());
    well.keySet().retainAll(over.keySet());
    over.forEach((node, cause) -> {
      NodeWatch watch = watch(well, node, nowNanos);
      int rank = Owners.rankOfNode(node, facts);
      long waitNanos = WELL_NANOS + DrainRules.newsNanos(rank);
      if (turns.is(watch.reason, waitNanos, watch.decided, rank, nowNanos)) {
        watch.decided.set(nowNanos);
        actions.add(new Readmit(node, cause));
      }
    });
  }

  private void observe(
      ActionKind kind,
      String node,
      String diagnosis,
      String evidence,
      NodeWatch watch,
      int rank,
      long nowNanos,
      List<Action> actions) {
    if (turns.wouldBe(watch.reason, 0, watch.told, rank, nowNanos)) {
      watch.told.set(nowNanos);
      actions.add(new Observed(kind, node, diagnosis, evidence));
    }
  }

  private static NodeWatch watch(Map<String, NodeWatch> watches, String node, long nowNanos) {
    NodeWatch watch = watches.computeIfAbsent(node, _ -> new NodeWatch());
    watch.reason.setIfUnset(nowNanos);
    return watch;
  }

  private static List<String> liveShadows(String node, Facts facts) {
    Collection<String> live = facts.live();
    List<String> named =
        facts.shadows().getOrDefault(node, List.of()).stream().filter(live::contains).toList();
    return named.isEmpty() ? Rendezvous.order(node, live).stream().limit(2).toList() : named;
  }
}
