package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.CoverNode;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.action.Action.Restore;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.action.Action.WelcomeNode;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.Verdict;
import io.skein.routing.ejection.Diagnosis;
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
/// Setting aside never goes below the panic floor: a dead endpoint is no loss, a failing one goes
/// only if another remains, a slow one only if half of its service remains. Since two nodes may set
/// aside two endpoints at the same moment, the floor is also restored: if all of a service are set
/// aside and some are not dead, the least grave comes back at once.
///
/// A verdict ends by good probes in a row, after a least time that doubles with each relapse, so
/// that an endpoint that only probes well is tried ever more rarely. That is a luxury of services
/// with enough others: where fewer than half are in use the least time does not double, and where
/// none is, one good probe is enough at once: nothing can be worse than no endpoint.
public final class Healer {
  private final HealerConfig config;
  private final OutlierRules rules;
  private final ActionLimiter limiter;
  private final Map<String, EndpointWatch> watches = new TreeMap<>();
  private final Map<String, NodeWatch> missing = new TreeMap<>();
  private final Map<String, NodeWatch> back = new TreeMap<>();

  private static final class NodeWatch {
    final Moment reason = new Moment();
    final Moment decided = new Moment();
  }

  /// @param nowNanos monotonic now
  public Healer(HealerConfig config, long nowNanos) {
    this.config = config;
    this.rules = new OutlierRules(config.outliers());
    this.limiter = new ActionLimiter(config.burst(), config.perSecond(), nowNanos);
  }

  /// Decides what this node does now.
  ///
  /// @param facts as known now
  /// @param nowNanos monotonic now
  /// @return actions in the order of their subjects
  public List<Action> step(Facts facts, long nowNanos) {
    List<Action> actions = new ArrayList<>();
    watches.keySet().retainAll(facts.endpoints().keySet());
    ServiceView services =
        new ServiceView(facts, undecided(nowNanos), config.outliers().slowMinRequests());
    facts
        .endpoints()
        .forEach((id, endpoint) -> stepEndpoint(id, endpoint, facts, services, nowNanos, actions));
    services.byService().values().forEach(ids -> keepFloor(ids, facts, nowNanos, actions));
    stepNodes(facts, nowNanos, actions);
    return actions;
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
      if (found.isEmpty()) {
        watch.signal().clear();
        return;
      }
      watch.signal().setIfUnset(nowNanos);
      considerSetAside(id, found.get(), watch, facts, services, nowNanos, actions);
    } else {
      watch.setAside(endpoint, verdict, othersMedian, services.need(endpoint.service()), nowNanos);
      if (rank(id, facts) >= 0 && watch.takeProbe(nowNanos)) {
        actions.add(new ProbeDue(id));
      }
      if (isTurn(watch.ready(), 0, watch.decided(), rank(id, facts), nowNanos)) {
        watch.decided().set(nowNanos);
        String evidence = watch.goodProbes() + " good probes in a row";
        actions.add(new Restore(id, verdict.cause(), evidence));
      }
    }
  }

  private void considerSetAside(
      String id,
      Finding found,
      EndpointWatch watch,
      Facts facts,
      ServiceView services,
      long nowNanos,
      List<Action> actions) {
    long persists =
        switch (found.diagnosis()) {
          case DEAD, FAILING -> 0;
          case SLOW -> config.slowPersistsNanos();
        };
    if (watch.awaitsOwnDecision(nowNanos, config.confirmNanos())
        || !services.maySpare(id, found.diagnosis())) {
      return;
    }
    if (isTurn(watch.signal(), persists, watch.decided(), rank(id, facts), nowNanos)) {
      watch.decided().set(nowNanos);
      services.leaves(id);
      actions.add(new SetAside(id, found.diagnosis(), found.evidence()));
    }
  }

  // Of a service that has lost all its endpoints, the one that is least badly off comes back.
  private void keepFloor(List<String> ids, Facts facts, long nowNanos, List<Action> actions) {
    Optional<String> best = Optional.empty();
    for (String id : ids) {
      Verdict verdict = facts.verdicts().get(id);
      if (verdict == null) {
        return;
      }
      boolean dead = verdict.diagnosis() == Diagnosis.DEAD;
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
    if (isTurn(since, 0, watch.decided(), rank(id, facts), nowNanos)) {
      watch.decided().set(nowNanos);
      actions.add(new Restore(id, verdict.cause(), "nothing else is left of its service"));
    }
  }

  private static boolean graver(String other, Verdict than, Facts facts) {
    Verdict verdict = facts.verdicts().get(other);
    return verdict != null && verdict.diagnosis().compareTo(than.diagnosis()) < 0;
  }

  private void stepNodes(Facts facts, long nowNanos, List<Action> actions) {
    Set<String> uncovered = new TreeSet<>(facts.gone());
    uncovered.removeAll(facts.covered());
    uncovered.removeAll(facts.live());
    missing.keySet().retainAll(uncovered);
    for (String node : uncovered) {
      int rank = Rendezvous.rank(node, facts.self(), facts.live());
      if (isNodesTurn(missing.computeIfAbsent(node, _ -> new NodeWatch()), rank, nowNanos)) {
        actions.add(new CoverNode(node, liveShadows(node, facts)));
      }
    }
    Set<String> returned = new TreeSet<>(facts.covered());
    returned.retainAll(facts.live());
    back.keySet().retainAll(returned);
    for (String node : returned) {
      Set<String> others = new TreeSet<>(facts.live());
      others.remove(node);
      int rank = Rendezvous.rank(node, facts.self(), others);
      if (isNodesTurn(back.computeIfAbsent(node, _ -> new NodeWatch()), rank, nowNanos)) {
        actions.add(new WelcomeNode(node));
      }
    }
  }

  private boolean isNodesTurn(NodeWatch watch, int rank, long nowNanos) {
    watch.reason.setIfUnset(nowNanos);
    if (!isTurn(watch.reason, 0, watch.decided, rank, nowNanos)) {
      return false;
    }
    watch.decided.set(nowNanos);
    return true;
  }

  private static List<String> liveShadows(String node, Facts facts) {
    List<String> named =
        facts.shadows().getOrDefault(node, List.of()).stream()
            .filter(facts.live()::contains)
            .toList();
    return named.isEmpty()
        ? Rendezvous.order(node, facts.live()).stream().limit(2).toList()
        : named;
  }

  // A node that cannot reach the subject has rank −1 and never a turn.
  private boolean isTurn(Moment since, long extraNanos, Moment decided, int rank, long nowNanos) {
    return rank >= 0
        && since.isSet()
        && since.ageNanos(nowNanos)
            >= extraNanos + Math.min(rank, config.ranks()) * config.rankWaitNanos()
        && decided.ageNanos(nowNanos) >= config.confirmNanos()
        && limiter.take(nowNanos);
  }

  private static int rank(String endpoint, Facts facts) {
    EndpointFacts about = facts.endpoints().get(endpoint);
    if (about == null) {
      return -1;
    }
    Set<String> able = new TreeSet<>(facts.live());
    able.retainAll(about.reachedBy());
    return Rendezvous.rank(endpoint, facts.self(), able);
  }
}
