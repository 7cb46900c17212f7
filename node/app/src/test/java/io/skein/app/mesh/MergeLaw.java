package io.skein.app.mesh;

import io.skein.gossip.transport.jgroups.JGroupsTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// How long after a heal the transport has merged the views of two parts, as its timers have it.
///
/// Each member searches anew after 0.5 to 1.5 times the longest pause, at least the shortest; the
/// pauses ran on while the mesh was split. Who is found is told of the finder's view, and who is
/// asked by a stranger tells it of its own. The part whose coordinator has the lower address leads,
/// and merges a quarter of the shortest pause after that coordinator was told: it fetches views and
/// digests and hands out the new view, four round trips in all.
final class MergeLaw {
  private static final int ROUND_TRIPS = 4;

  private MergeLaw() {}

  /// @param left how many members one part has
  /// @param right how many the other
  static Duration draw(
      JGroupsTimers timers, int left, int right, Duration roundTrip, RandomGenerator random) {
    boolean leads = random.nextBoolean();
    int others = leads ? right : left;
    List<Long> told = new ArrayList<>();
    for (int i = 0; i < others; i++) {
      // its search, the answer, its word
      told.add(residualNanos(timers, random) + roundTrip.toNanos() * 3 / 2);
    }
    // the leader's own search, and the word of who was asked
    told.add(residualNanos(timers, random) + roundTrip.toNanos());
    long first = told.stream().mapToLong(Long::longValue).min().orElseThrow();
    return Duration.ofNanos(first)
        .plus(timers.mergeLeast().dividedBy(4))
        .plus(roundTrip.multipliedBy(ROUND_TRIPS));
  }

  // What is left of a pause that is on at a random moment.
  private static long residualNanos(JGroupsTimers timers, RandomGenerator random) {
    long longest = timers.mergeMost().toNanos();
    long now = longest * 20 + random.nextLong(longest);
    long at = 0;
    while (at <= now) {
      at += Math.max(timers.mergeLeast().toNanos(), random.nextLong(longest) + longest / 2);
    }
    return at - now;
  }
}
