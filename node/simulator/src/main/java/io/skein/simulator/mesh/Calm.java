package io.skein.simulator.mesh;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// The long calm after some storms: records pass the retention, and go. Drawn from a stream of its
/// own, so that the storm before it is the one that its seed always had.
///
/// @param age retention by age; what reputations need is kept in any case
/// @param returns the honest node that comes back in the middle of the cutting
/// @param reenters the one that comes back when all is cut
/// @param rotates the one whose identity is handed on
/// @param delay from the first cut until the one comes back
/// @param witness which of the liars, if it can still do so, cosigns what no feed holds
record Calm(Duration age, int returns, int reenters, int rotates, Duration delay, int witness) {
  /// One in so many storms is followed by a calm.
  private static final int ONE_IN = 8;

  /// Whether a seed's storm is followed by one.
  static boolean follows(long seed) {
    return new SplittableRandom(seed ^ 0x0ca1_30ca_130c_a130L).nextInt(ONE_IN) == 0;
  }

  /// Draws it.
  ///
  /// @param honest the nodes that do not lie
  /// @param liars those that do
  static Calm draw(long seed, List<Integer> honest, List<Integer> liars) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x00ca_1300_ca13_00caL);
    int first = random.nextInt(honest.size());
    int others = honest.size() - 1;
    int second = (first + 1 + random.nextInt(others - 1)) % honest.size();
    int third = second;
    while (third == second || third == first) {
      third = random.nextInt(honest.size());
    }
    return new Calm(
        Duration.ofSeconds(random.nextLong(1, 90)),
        honest.get(first),
        honest.get(second),
        honest.get(third),
        Duration.ofMillis(random.nextLong(1_500)),
        liars.get(random.nextInt(liars.size())));
  }
}
