package io.skein.app.routes;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.PanicRule;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// The services of which doubtful endpoints are used too on this node, because too few of those it
/// reaches are usable, and why, for people. Written by the thread of [RouteTables], read by any.
public final class Panics {
  private final Map<String, String> reasons = new ConcurrentSkipListMap<>();

  Panics() {}

  /// Why each of them is in need, by service.
  public Map<String, String> reasons() {
    return Collections.unmodifiableMap(reasons);
  }

  void note(String service, CandidateSet local, PanicRule rule) {
    if (local.panicking()) {
      reasons.put(service, reason(local, rule));
    } else {
      reasons.remove(service);
    }
  }

  void retain(Collection<String> services) {
    reasons.keySet().retainAll(services);
  }

  private static String reason(CandidateSet local, PanicRule rule) {
    return String.format(
        Locale.ROOT,
        "%d of %d endpoints usable, below %.0f %%: %d that are not take requests too",
        local.usableCount(),
        local.stayingCount(),
        100 * rule.below(),
        local.size() - local.usableCount());
  }
}
