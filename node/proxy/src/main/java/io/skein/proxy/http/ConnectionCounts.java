package io.skein.proxy.http;

import io.skein.proxy.route.Target;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections all event loops together have to each target. Any thread; a target is
/// forgotten when the last event loop's pool lets go of it.
final class ConnectionCounts {
  private final ConcurrentHashMap<Target, Count> counts = new ConcurrentHashMap<>();

  /// The connections to one target.
  static final class Count {
    private final AtomicInteger open = new AtomicInteger();
    // Guarded by the map's compute.
    private int holders;

    void opened() {
      open.incrementAndGet();
    }

    void closed() {
      open.decrementAndGet();
    }

    int open() {
      return open.get();
    }
  }

  /// The count of a target, for one pool.
  Count hold(Target target) {
    return counts.compute(
        target,
        (_, held) -> {
          Count count = held == null ? new Count() : held;
          count.holders++;
          return count;
        });
  }

  /// One pool has no use for it any more.
  void letGo(Target target) {
    counts.computeIfPresent(target, (_, count) -> --count.holders == 0 ? null : count);
  }

  /// How many targets are known.
  int targets() {
    return counts.size();
  }
}
