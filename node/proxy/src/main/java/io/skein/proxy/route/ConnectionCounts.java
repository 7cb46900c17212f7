package io.skein.proxy.route;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections all event loops together have to each target. Any thread; a target is
/// forgotten when the last who holds its count lets go of it: the pool of an event loop, a relayed
/// connection.
public final class ConnectionCounts {
  private final ConcurrentHashMap<Target, Count> counts = new ConcurrentHashMap<>();

  /// The connections to one target.
  public static final class Count {
    private final AtomicInteger open = new AtomicInteger();
    // Guarded by the map's compute.
    private int holders;

    public void opened() {
      open.incrementAndGet();
    }

    public void closed() {
      open.decrementAndGet();
    }

    public int open() {
      return open.get();
    }
  }

  /// The count of a target, for one holder.
  public Count hold(Target target) {
    return counts.compute(
        target,
        (_, held) -> {
          Count count = held == null ? new Count() : held;
          count.holders++;
          return count;
        });
  }

  /// One holder has no use for it any more.
  public void letGo(Target target) {
    counts.computeIfPresent(target, (_, count) -> --count.holders == 0 ? null : count);
  }

  /// How many targets are known.
  public int targets() {
    return counts.size();
  }
}
