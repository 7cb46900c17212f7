package io.skein.healing;

import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.routing.ejection.Ailment;
import io.skein.routing.ejection.Finding;
import io.skein.routing.ejection.Observation;
import io.skein.routing.ejection.OutlierRules;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What a healer remembers of one endpoint.
///
/// | from | on | to |
/// |---|---|---|
/// | in use | a verdict appears in the facts | set aside; a relapse if it came back not long ago |
/// | set aside | the verdict disappears | in use; what was seen before no longer counts |
final class EndpointWatch {
  private static final int BAD_PROBES = 3;

  private final AsideConfig config;
  private final OutlierRules rules;

  private boolean aside;
  private final Moment asideAt = new Moment();
  private final Moment restoredAt = new Moment();
  private int relapses;

  // Probes: how many had ended at the last step and when it was last restored, the good ones in a
  // row since it was set aside.
  private long probesSeen;
  private long probesBefore;
  private int goodProbes;
  private long intervalNanos;
  private long nextProbeNanos;
  private boolean probing;
  // Whether the last request found, or a probe, that it refuses, whatever it is set aside for.
  private boolean refuses;

  private final Testimony testimony = new Testimony();

  private final Moment signal = new Moment();
  private final Moment ready = new Moment();
  private final Moment decided = new Moment();

  // While it has a part of its weight only: since when, and how long it has been in range.
  private boolean shifted;
  private final Moment shiftedAt = new Moment();
  private final Moment unshiftedAt = new Moment();
  private final Moment inRangeSince = new Moment();
  private int shiftRelapses;

  private final Map<ActionKind, Moment> held = new EnumMap<>(ActionKind.class);
  private final Moment observed = new Moment();

  EndpointWatch(AsideConfig config, OutlierRules rules) {
    this.config = config;
    this.rules = rules;
  }

  /// How long there has been a reason to set it aside.
  Moment signal() {
    return signal;
  }

  /// How long there has been a reason to restore it.
  Moment ready() {
    return ready;
  }

  /// When this node last decided something about it.
  Moment decided() {
    return decided;
  }

  /// When this node last told what it would have done.
  Moment observed() {
    return observed;
  }

  /// How often it was set aside of late, if it is now or were now.
  int times() {
    return (aside || !restoredAt.isSet() ? relapses : relapses + 1) + 1;
  }

  /// An action made things worse: it is not tried again for a while.
  void hold(ActionKind kind, long nowNanos) {
    held.computeIfAbsent(kind, _ -> new Moment()).set(nowNanos);
  }

  boolean holds(ActionKind kind, long nowNanos) {
    Moment since = held.get(kind);
    return since != null && since.ageNanos(nowNanos) < config.relapseNanos();
  }

  /// It has its whole weight.
  void unshifted(long nowNanos) {
    if (shifted) {
      shifted = false;
      unshiftedAt.set(nowNanos);
      ready.clear();
      decided.clear();
    }
  }

  /// It has a part of its weight only.
  ///
  /// @param bad whether it is slow still, or nothing shows that it serves
  void shifted(Verdict verdict, boolean bad, long nowNanos) {
    if (!shifted) {
      shifted = true;
      shiftRelapses =
          unshiftedAt.ageNanos(nowNanos) < config.relapseNanos() ? shiftRelapses + 1 : 0;
      shiftedAt.set(Math.min(nowNanos, verdict.sinceNanos()));
      inRangeSince.clear();
      signal.clear();
      ready.clear();
      decided.clear();
    }
    if (bad) {
      inRangeSince.clear();
    } else {
      inRangeSince.setIfUnset(nowNanos);
    }
    long least = config.leastNanos(Ailment.SLOW, shiftRelapses);
    if (inRangeSince.isSet()
        && inRangeSince.ageNanos(nowNanos) >= least / 2
        && shiftedAt.ageNanos(nowNanos) >= least) {
      ready.setIfUnset(nowNanos);
    } else {
      ready.clear();
    }
  }

  /// Whether a part of its weight was not enough for long.
  boolean shiftedInVain(long nowNanos) {
    return shifted && shiftedAt.ageNanos(nowNanos) >= config.slowNanos();
  }

  /// Whether a decision of this node may still be on its way into the facts.
  boolean awaitsOwnDecision(long nowNanos, long confirmNanos) {
    return decided.ageNanos(nowNanos) < confirmNanos;
  }

  void inUse(EndpointFacts facts, long nowNanos) {
    if (aside) {
      aside = false;
      restoredAt.set(nowNanos);
      probesBefore = facts.probes().total();
      signal.clear();
      ready.clear();
      decided.clear();
    }
  }

  void setAside(
      EndpointFacts facts, Verdict verdict, long othersMedianNanos, Need need, long nowNanos) {
    ProbeResults probes = facts.probes();
    if (!aside) {
      aside = true;
      shifted = false;
      relapses = restoredAt.ageNanos(nowNanos) < config.relapseNanos() ? relapses + 1 : 0;
      asideAt.set(Math.min(nowNanos, verdict.sinceNanos()));
      probesSeen = probes.total();
      testimony.setAside(probes);
      goodProbes = 0;
      probing = false;
      refuses = facts.seen().connectFailuresInRow() > 0;
      intervalNanos = leastNanos(verdict);
      nextProbeNanos = nowNanos + intervalNanos;
      signal.clear();
      ready.clear();
      decided.clear();
    }
    long ended = probes.total() - probesSeen;
    if (ended > 0) {
      probesSeen = probes.total();
      refuses |= probes.badInRow() > 0 && probes.unreachable();
      boolean good = probes.goodInRow() > 0 && inRange(facts, verdict, othersMedianNanos);
      goodProbes = good ? goodProbes + (int) Math.min(ended, probes.goodInRow()) : 0;
      boolean urgent = good && goodProbes < config.goodProbes();
      intervalNanos =
          urgent ? leastNanos(verdict) : Math.min(longestNanos(need), longer(verdict, nowNanos));
      nextProbeNanos = nowNanos + intervalNanos;
      probing = false;
    } else if (!probing && nextProbeNanos - nowNanos > longestNanos(need)) {
      // The pause grew while there were enough others.
      intervalNanos = leastNanos(verdict);
      nextProbeNanos = nowNanos + intervalNanos;
    }
    if (serves(verdict, need, nowNanos)) {
      ready.setIfUnset(nowNanos);
    } else {
      ready.clear();
    }
  }

  // Who fails because it is going down is dead a moment later, and its return is as plain.
  private Ailment ailment(Verdict verdict) {
    return refuses && verdict.diagnosis() == Ailment.FAILING ? Ailment.DEAD : verdict.diagnosis();
  }

  private long leastNanos(Verdict verdict) {
    return ailment(verdict) == Ailment.DEAD ? config.deadProbeNanos() : config.probeMinNanos();
  }

  private long longer(Verdict verdict, long nowNanos) {
    return ailment(verdict) == Ailment.DEAD
        ? Math.max(config.deadProbeNanos(), asideAt.ageNanos(nowNanos) / 8)
        : intervalNanos * 2;
  }

  private long longestNanos(Need need) {
    return need == Need.ENOUGH
        ? config.probeMaxNanos()
        : Math.min(config.probeMaxNanos(), 2 * config.probeMinNanos());
  }

  private boolean serves(Verdict verdict, Need need, long nowNanos) {
    int wanted = need == Need.NONE_LEFT ? 1 : config.goodProbes();
    return goodProbes >= wanted && asideAt.ageNanos(nowNanos) >= asideNanos(verdict, need);
  }

  /// The least time for which it stays set aside.
  long asideNanos(Verdict verdict, Need need) {
    return switch (need) {
      case ENOUGH -> config.leastNanos(ailment(verdict), relapses);
      case FEW_LEFT -> config.leastNanos(ailment(verdict), 0);
      case NONE_LEFT -> 0;
    };
  }

  private boolean inRange(EndpointFacts facts, Verdict verdict, long othersMedianNanos) {
    return verdict.diagnosis() != Ailment.SLOW
        || inRange(facts, facts.probes().latencyNanos(), othersMedianNanos);
  }

  // Half the factor that made it slow brings it back: hysteresis.
  private boolean inRange(EndpointFacts facts, long latencyNanos, long othersMedianNanos) {
    long reference =
        othersMedianNanos > 0 ? othersMedianNanos : rules.config().slowFloorNanos() + 1;
    double factor = othersMedianNanos > 0 ? Math.max(1, rules.config().slowFactor() / 2) : 1;
    return !rules.isSlow(latencyNanos, reference, facts.slowAfterNanos(), factor);
  }

  /// When the rest of a row of good probes goes on; `Long.MAX_VALUE` if there is no such row.
  long hurriesAtNanos() {
    return aside && goodProbes > 0 && !probing ? nextProbeNanos : Long.MAX_VALUE;
  }

  /// Whether a probe is due; if so, it is taken to be sent.
  ///
  /// @param timeoutNanos after which it has failed
  boolean takeProbe(long timeoutNanos, long nowNanos) {
    if (nowNanos - nextProbeNanos < 0) {
      return false;
    }
    probing = true;
    // A probe whose result never comes is repeated, not waited for.
    nextProbeNanos = nowNanos + timeoutNanos + config.probeMinNanos();
    return true;
  }

  Optional<Finding> diagnose(EndpointFacts facts, long othersMedianNanos, long nowNanos) {
    ProbeResults probes = facts.probes();
    Observation seen = sinceRestored(facts.seen(), nowNanos);
    testimony.look(seen, probes, nowNanos);
    long bad = Math.min(probes.badInRow(), probes.total() - probesBefore);
    if (bad >= BAD_PROBES) {
      return Optional.of(
          new Finding(
              probes.unreachable() ? Ailment.DEAD : Ailment.FAILING,
              bad + " probes failed in a row"));
    }
    return rules
        .diagnose(seen, othersMedianNanos, facts.slowAfterNanos())
        .map(found -> belied(found, seen, probes, nowNanos));
  }

  private Finding belied(Finding found, Observation seen, ProbeResults probes, long nowNanos) {
    long good =
        found.diagnosis() == Ailment.FAILING
            ? testimony.belying(probes, restoredAt.ageNanos(nowNanos))
            : 0;
    return good == 0
        ? found
        : new Finding(
            Ailment.LYING,
            good
                + " good probes in a row, and "
                + seen.bad()
                + " of "
                + (seen.good() + seen.bad())
                + " requests failed");
  }

  // Failures from before it came back were the reason of the last verdict, not of a next one.
  private Observation sinceRestored(Observation seen, long nowNanos) {
    return restoredAt.isSet() && seen.lastFailureAgeNanos() >= restoredAt.ageNanos(nowNanos)
        ? new Observation(seen.good(), 0, 0, 0, Long.MAX_VALUE, seen.medianNanos())
        : seen;
  }

  /// Whether it is on trial and no request has been answered yet, which alone can clear it.
  static boolean unproven(Verdict shift, EndpointFacts facts) {
    return shift.diagnosis() == Ailment.LYING && facts.seen().good() == 0;
  }

  /// Whether its requests take too long to give it its whole weight.
  boolean slow(EndpointFacts facts, long othersMedianNanos) {
    return facts.seen().good() > 0
        && !inRange(facts, facts.seen().medianNanos(), othersMedianNanos);
  }

  int goodProbes() {
    return goodProbes;
  }
}
