package io.skein.ledger.proof;

import io.skein.ledger.record.Hash;
import java.util.List;
import java.util.Optional;

/// The way from a leaf to the root (RFC 9162 §2.1.3). Immutable; any thread.
///
/// @param index the leaf's place from 0
/// @param size leaves of the tree, more than `index`
/// @param hashes siblings from the leaf upwards, at most [#MAX_HASHES]; a proof with more or fewer
///   than the place asks for proves nothing
public record InclusionProof(long index, long size, List<Hash> hashes) {
  /// A tree's height at most.
  public static final int MAX_HASHES = 63;

  public InclusionProof {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "index: " + index + " (expected: 0 or more and less than size " + size + ")");
    }
    hashes = List.copyOf(hashes);
    if (hashes.size() > MAX_HASHES) {
      throw new IllegalArgumentException(
          "hashes: " + hashes.size() + " (expected: at most " + MAX_HASHES + ")");
    }
  }

  /// The root that follows if `leaf` is where the proof says (§2.1.3.2); empty if the number of
  /// hashes is not that of the place.
  public Optional<Hash> root(Hash leaf) {
    long place = index;
    long last = size - 1;
    Hash root = leaf;
    for (Hash sibling : hashes) {
      if (last == 0) {
        return Optional.empty();
      }
      if ((place & 1) == 1 || place == last) {
        root = TreeProofs.node(sibling, root);
        while ((place & 1) == 0 && place != 0) {
          place >>>= 1;
          last >>>= 1;
        }
      } else {
        root = TreeProofs.node(root, sibling);
      }
      place >>>= 1;
      last >>>= 1;
    }
    return last == 0 ? Optional.of(root) : Optional.empty();
  }

  /// Whether `leaf` is in the tree of that root.
  public boolean proves(Hash leaf, Hash root) {
    return root(leaf).equals(Optional.of(root));
  }
}
