package io.skein.healing;

import io.skein.healing.signal.ProbeResults;
import io.skein.routing.ejection.Observation;

/// Whether an endpoint's probes belie its requests, as one node sees both: three good ones in a row
/// while requests fail.
///
/// Either probes were good between one request that failed and the newest that did, and at no look
/// in between had the last request been answered. Or good probes brought the endpoint back, none
/// was bad since it had been set aside, and within 30 s of its return requests fail again. Where
/// probes and requests fail together neither holds, and where the trouble is over the good probes
/// come after the last failure.
final class Testimony {
  private static final int LEAST = 3;
  private static final long RETURN_NANOS = 30_000_000_000L;

  // Probes that had ended at the last look, at the first failure of the row, when it was set aside.
  private long ended;
  private long endedBefore;
  private long endedAside;
  private boolean failing;
  private long between;
  private long lookedNanos;

  /// It is set aside.
  void setAside(ProbeResults probes) {
    endedAside = probes.total();
  }

  /// Looks at one that is in use; to be called at each look.
  void look(Observation seen, ProbeResults probes, long nowNanos) {
    if (seen.failuresInRow() == 0) {
      failing = false;
      between = 0;
    } else if (!failing) {
      failing = true;
      endedBefore = probes.total();
    } else if (seen.lastFailureAgeNanos() < nowNanos - lookedNanos) {
      // What had ended at the last look ended before the newest failure.
      boolean allGood = probes.goodInRow() >= probes.total() - endedBefore;
      between = allGood ? ended - endedBefore : 0;
    }
    ended = probes.total();
    lookedNanos = nowNanos;
  }

  /// Good probes in a row that belie the requests that fail now; 0 if they do not.
  ///
  /// @param backNanos since it came back; `Long.MAX_VALUE` if it was never away
  long belying(ProbeResults probes, long backNanos) {
    long since = probes.total() - endedAside;
    boolean broughtBack = backNanos < RETURN_NANOS && probes.goodInRow() >= since;
    long good = Math.max(between, broughtBack ? since : 0);
    return good >= LEAST ? good : 0;
  }
}
