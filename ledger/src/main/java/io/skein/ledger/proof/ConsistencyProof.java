package io.skein.ledger.proof;

import io.skein.ledger.record.Hash;
import java.util.List;

/// That one tree begins with all of another (RFC 9162 §2.1.4). Immutable; any thread.
///
/// @param from leaves of the earlier tree, 1 or more
/// @param to leaves of the later one, not below `from`
/// @param hashes nodes from the bottom upwards, at most [#MAX_HASHES]; none if the sizes are equal
public record ConsistencyProof(long from, long to, List<Hash> hashes) {
  /// One more than a tree's height.
  public static final int MAX_HASHES = 64;

  public ConsistencyProof {
    if (from < 1 || to < from) {
      throw new IllegalArgumentException(
          "from: " + from + " (expected: 1 or more and not above to " + to + ")");
    }
    hashes = List.copyOf(hashes);
    if (hashes.size() > MAX_HASHES) {
      throw new IllegalArgumentException(
          "hashes: " + hashes.size() + " (expected: at most " + MAX_HASHES + ")");
    }
  }

  /// Whether the tree with root `later` begins with the tree with root `earlier` (§2.1.4.2).
  public boolean proves(Hash earlier, Hash later) {
    if (from == to) {
      return hashes.isEmpty() && earlier.equals(later);
    }
    boolean complete = Long.bitCount(from) == 1;
    int at = complete ? 0 : 1;
    if (hashes.isEmpty()) {
      return false;
    }
    long place = from - 1;
    long last = to - 1;
    while ((place & 1) == 1) {
      place >>>= 1;
      last >>>= 1;
    }
    Hash first = complete ? earlier : hashes.getFirst();
    Hash second = first;
    for (Hash node : hashes.subList(at, hashes.size())) {
      if (last == 0) {
        return false;
      }
      if ((place & 1) == 1 || place == last) {
        first = TreeProofs.node(node, first);
        second = TreeProofs.node(node, second);
        while ((place & 1) == 0 && place != 0) {
          place >>>= 1;
          last >>>= 1;
        }
      } else {
        second = TreeProofs.node(second, node);
      }
      place >>>= 1;
      last >>>= 1;
    }
    return last == 0 && first.equals(earlier) && second.equals(later);
  }
}
