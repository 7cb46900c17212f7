package io.skein.chaos.recovery;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.NodeHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// When all nodes that are left have seen that others are gone. Asks each of them forty times a
/// second, by threads of its own, until it has or the watch ends. What it takes to ask counts as
/// time until it was seen.
final class Sight {
  private static final int EVERY_MILLIS = 25;
  private static final int TIMEOUT_MILLIS = 1_000;

  private final List<Watcher> watchers = new ArrayList<>();
  private volatile boolean ended;

  /// One node's view.
  private final class Watcher {
    final NodeHandle node;
    final Set<String> lost;
    final Thread thread;
    volatile long seenNanos = Long.MAX_VALUE;

    Watcher(NodeHandle node, Set<String> lost) {
      this.node = node;
      this.lost = lost;
      this.thread = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
      try {
        while (!ended && seenNanos == Long.MAX_VALUE) {
          if (sees()) {
            seenNanos = System.nanoTime();
          } else {
            TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
          }
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    /// It answers, and holds none of the lost alive.
    private boolean sees() {
      Http.Outcome answer = Http.get(node.target().api(), "/v1/members", TIMEOUT_MILLIS);
      return answer.good()
          && answer.json().member("members").items().stream()
              .filter(member -> member.text("state").orElse("").equals("alive"))
              .flatMap(member -> member.text("name").stream())
              .noneMatch(lost::contains);
    }
  }

  /// Begins to watch.
  ///
  /// @param nodes those that are left
  /// @param lost those that are gone
  Sight(List<NodeHandle> nodes, List<NodeHandle> lost) {
    Set<String> names = new TreeSet<>(lost.stream().map(NodeHandle::name).toList());
    nodes.forEach(node -> watchers.add(new Watcher(node, names)));
  }

  /// Whether all of them have seen it, or there is nothing to see.
  boolean complete() {
    return watchers.stream().allMatch(watcher -> watcher.seenNanos != Long.MAX_VALUE);
  }

  /// Ends the watch.
  ///
  /// @return nanoseconds from then until the last of them had seen it; empty if one has not, or
  ///   there was nothing to see
  OptionalLong end(long sinceNanos) throws InterruptedException {
    ended = true;
    long last = sinceNanos;
    for (Watcher watcher : watchers) {
      watcher.thread.join();
      last = Math.max(last, watcher.seenNanos);
    }
    return watchers.isEmpty() || watchers.getFirst().lost.isEmpty() || last == Long.MAX_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(last - sinceNanos);
  }
}
