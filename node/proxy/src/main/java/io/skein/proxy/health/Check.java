package io.skein.proxy.health;

import io.skein.proxy.route.Target.EndpointTarget;
import java.time.Duration;
import java.util.Optional;

/// How one endpoint is checked.
///
/// @param endpointId its id
/// @param target where it is
/// @param path what to GET, expecting 2xx or 3xx; empty: a TCP connection is enough
/// @param interval from the start of one check to the next. Shorter sees a dead endpoint sooner and
///   costs it more requests: one per interval and node that checks
/// @param timeout until the head of the answer; a check still running when the next is due delays
///   it
public record Check(
    String endpointId,
    EndpointTarget target,
    Optional<String> path,
    Duration interval,
    Duration timeout) {
  public Check {
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval: " + interval + " (expected: >= 1 ms)");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: >= 1 ms)");
    }
    if (path.isPresent() && !path.get().startsWith("/")) {
      throw new IllegalArgumentException("path: '" + path.get() + "' (expected: starts with '/')");
    }
  }
}
