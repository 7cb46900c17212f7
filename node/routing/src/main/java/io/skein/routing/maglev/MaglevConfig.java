package io.skein.routing.maglev;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;
import io.skein.routing.hash.LoadBound;

/// Knobs of `maglev`.
///
/// @param tableSize places of the table: a prime, 251 to 655,373. More: shares are more even, fewer
///   keys move when membership changes, and a table takes more memory (2 bytes a place) and longer
///   to make. Should be 100 times the candidates
/// @param loadBound the most that a candidate may hold, as a multiple of its share of all requests
///   in flight, 1 to 100; 0: no bound. Lower: load is more even. Higher: more keys stay at home
public record MaglevConfig(int tableSize, double loadBound) implements PolicyConfig {
  /// 65,537 places, a quarter above the share.
  public static final MaglevConfig DEFAULT = new MaglevConfig(65_537, 1.25);

  /// The smallest table.
  public static final int LEAST_SIZE = 251;

  /// The largest table.
  public static final int MOST_SIZE = 655_373;

  public MaglevConfig {
    if (!validSize(tableSize)) {
      throw new IllegalArgumentException(
          "tableSize: "
              + tableSize
              + " (expected: a prime, "
              + LEAST_SIZE
              + ".."
              + MOST_SIZE
              + ")");
    }
    if (!LoadBound.valid(loadBound)) {
      throw new IllegalArgumentException(
          "loadBound: " + loadBound + " (expected: 0, or 1 to " + LoadBound.MOST + ")");
    }
  }

  /// Whether a table may have that many places.
  public static boolean validSize(int size) {
    return size >= LEAST_SIZE && size <= MOST_SIZE && isPrime(size);
  }

  private static boolean isPrime(int number) {
    boolean prime = number % 2 != 0;
    for (int divisor = 3; prime && divisor <= number / divisor; divisor += 2) {
      prime = number % divisor != 0;
    }
    return prime;
  }

  @Override
  public String kind() {
    return "maglev";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new MaglevPolicy(this);
  }
}
