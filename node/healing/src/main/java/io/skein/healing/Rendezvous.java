package io.skein.healing;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Who looks after what, agreed without talking: each node gets a score for each subject, the
/// highest owns it, and when it is gone the next one does, without moving any other subject.
///
/// Source: D. Thaler, C. Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996. Score:
/// FNV-1a over both texts, finished by MurmurHash3's 64-bit mixer.
public final class Rendezvous {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Rendezvous() {}

  /// Position of `node` among `nodes` for `subject`, 0 for the owner; −1 if it is not among them.
  public static int rank(String subject, String node, Collection<String> nodes) {
    if (!nodes.contains(node)) {
      return -1;
    }
    long own = score(subject, node);
    int before = 0;
    for (String other : nodes) {
      int order = Long.compareUnsigned(score(subject, other), own);
      if (order > 0 || (order == 0 && other.compareTo(node) < 0)) {
        before++;
      }
    }
    return before;
  }

  /// All of `nodes`, the owner first.
  public static List<String> order(String subject, Collection<String> nodes) {
    return nodes.stream()
        .sorted(
            Comparator.<String>comparingLong(node -> score(subject, node) ^ Long.MIN_VALUE)
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static long score(String subject, String node) {
    long hash = fold(fold(FNV_OFFSET, node) * FNV_PRIME, subject);
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  private static long fold(long hash, String text) {
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }
}
