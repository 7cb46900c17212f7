package io.skein.cli;

import java.util.Collection;
import java.util.Optional;

/// Finds what somebody meant: the nearest word by optimal string alignment distance (insertions,
/// deletions, substitutions and swaps of neighbours count 1), if it is near enough.
public final class Spelling {
  private static final int MAX_LENGTH = 64;

  private Spelling() {}

  /// `; did you mean 'x'?`, or nothing.
  public static String hint(String word, Collection<String> known) {
    return nearest(word, known).map(each -> "; did you mean '" + each + "'?").orElse("");
  }

  static Optional<String> nearest(String word, Collection<String> known) {
    if (word.isEmpty() || word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Optional<String> best = Optional.empty();
    int bestDistance = Math.max(1, word.length() / 3) + 1;
    for (String each : known) {
      int distance = distance(word, each);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = Optional.of(each);
      }
    }
    return best;
  }

  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
        least = Math.min(least, cost[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
      }
    }
    return cost[a.length()][b.length()];
  }
}
