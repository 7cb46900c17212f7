package io.skein.simulator.balancer;

import io.skein.routing.ejection.Finding;
import io.skein.routing.ejection.Observation;
import io.skein.routing.ejection.Outcome;
import io.skein.routing.ejection.OutlierRules;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One balancer's search for outliers: after each failure for the endpoint that failed, and twice a
/// second for all. A verdict counts on all balancers once it has reached them.
final class Outliers {
  private static final long LOOK_NANOS = 500_000_000L;

  private final Balancer balancer;
  private final Conduct.Ejection ejection;
  private final OutlierRules rules;
  private final List<Target> targets;
  private List<Balancer> all;

  Outliers(Balancer balancer, Conduct.Ejection ejection, List<Target> targets) {
    this.balancer = balancer;
    this.ejection = ejection;
    this.rules = new OutlierRules(ejection.rules());
    this.targets = targets;
    this.all = List.of(balancer);
    balancer.queue().at(LOOK_NANOS, this::look);
  }

  void sharesWith(List<Balancer> others) {
    if (ejection.spreadNanos() >= 0) {
      all = others;
    }
  }

  void saw(Target target, Outcome outcome, long latencyNanos, long nowNanos) {
    target.seen.record(outcome, latencyNanos, nowNanos);
    if (outcome != Outcome.GOOD && !target.setAside) {
      judge(target, target.seen.observe(nowNanos), 0, nowNanos);
    }
  }

  private void look(long nowNanos) {
    Observation[] seen =
        targets.stream().map(each -> each.seen.observe(nowNanos)).toArray(Observation[]::new);
    for (int i = 0; i < seen.length; i++) {
      Target target = targets.get(i);
      if (!target.setAside) {
        judge(target, seen[i], othersMedian(seen, i), nowNanos);
      }
    }
    balancer.queue().at(nowNanos + LOOK_NANOS, this::look);
  }

  private static long othersMedian(Observation[] seen, int but) {
    long[] medians = new long[seen.length];
    int n = 0;
    for (int i = 0; i < seen.length; i++) {
      if (i != but && seen[i].medianNanos() > 0) {
        medians[n++] = seen[i].medianNanos();
      }
    }
    Arrays.sort(medians, 0, n);
    return n == 0 ? 0 : medians[n / 2];
  }

  private void judge(Target target, Observation seen, long othersMedianNanos, long nowNanos) {
    Optional<Finding> found = rules.diagnose(seen, othersMedianNanos, 0);
    if (found.isEmpty()) {
      return;
    }
    balancer.setAside(target.id, ejection.forNanos(), nowNanos);
    for (Balancer other : all) {
      if (other != balancer) {
        other
            .queue()
            .at(
                nowNanos + Math.max(0, ejection.spreadNanos()),
                now -> other.setAside(target.id, ejection.forNanos(), now));
      }
    }
  }
}
