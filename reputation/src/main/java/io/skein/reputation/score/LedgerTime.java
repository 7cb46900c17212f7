package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.Origin;
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
/// It is told by branches ([Descents]), each by what a third of its own authors have reached; and
/// where four tokens write, by tokens, each by what a third of its branches have. Otherwise one
/// node could push time, and others' words out of the rings, or stop it, by inviting enough nodes.
final class LedgerTime {
  private final Map<NodeId, Standing> authors = new LinkedHashMap<>();
  private final Map<NodeId, Long> newest = new LinkedHashMap<>();

  /// An author that counts has written of `window`, and of none newer.
  void reached(NodeId author, Standing standing, long window) {
    authors.put(author, standing);
    newest.put(author, window);
  }

  /// The window; empty if nobody has written.
  OptionalLong window() {
    if (newest.isEmpty()) {
      return OptionalLong.empty();
    }
    Map<NodeId, Origin> origins = Descents.of(authors);
    boolean held =
        origins.values().stream().mapToInt(Origin::token).distinct().count() >= TokenShares.TOKENS;
    Map<Integer, Map<Integer, List<Long>>> tokens = new TreeMap<>();
    origins.forEach((author, origin) ->
        tokens
            .computeIfAbsent(held ? origin.token() : 0, _ -> new TreeMap<>())
            .computeIfAbsent(origin.branch(), _ -> new ArrayList<>())
            .add(newest.getOrDefault(author, 0L)));
    return OptionalLong.of(
        byAThird(
            tokens.values().stream()
                .map(branches ->
                    byAThird(branches.values().stream().map(LedgerTime::byAThird).toList()))
                .toList()));
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
