package io.skein.reputation.score;

import io.skein.ledger.key.PublicKey;
import io.skein.reputation.evidence.TokenShares;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Ledger time from the newest windows that authors have written of: the newest that at least a
/// third of them have reached, which is the `(f + 1)`-th largest of n with `f = ⌊(n − 1) / 3⌋`. So
/// f liars or fast clocks cannot push it ahead, and twice as many cannot hold it back.
///
/// Where four tokens write ([Descents]), it is the newest that a third of the tokens have reached,
/// each by what a third of its own authors have. Otherwise one node could push time, and others'
/// words out of the rings, or stop it, by inviting enough nodes.
final class LedgerTime {
  private final Map<List<PublicKey>, List<Long>> newest = new LinkedHashMap<>();

  /// An author that counts has written of `window`, and of none newer.
  void reached(List<PublicKey> line, long window) {
    newest.computeIfAbsent(line, _ -> new ArrayList<>()).add(window);
  }

  /// The window; empty if nobody has written.
  OptionalLong window() {
    int[] tokens = Descents.groups(List.copyOf(newest.keySet()));
    Map<Integer, List<Long>> byToken = new TreeMap<>();
    int next = 0;
    for (List<Long> windows : newest.values()) {
      byToken.computeIfAbsent(tokens[next++], _ -> new ArrayList<>()).addAll(windows);
    }
    if (byToken.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        byAThird(
            byToken.size() < TokenShares.TOKENS
                ? newest.values().stream().flatMap(List::stream).toList()
                : byToken.values().stream().map(LedgerTime::byAThird).toList()));
  }

  private static long byAThird(Collection<Long> windows) {
    int faulty = (windows.size() - 1) / 3;
    return windows.stream()
        .sorted(Comparator.reverseOrder())
        .skip(faulty)
        .findFirst()
        .orElseThrow();
  }
}
