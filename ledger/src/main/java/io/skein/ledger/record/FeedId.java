package io.skein.ledger.record;

import io.skein.ledger.key.NodeId;

/// Names a feed: one author's chain of records within one epoch.
///
/// @param author who signs
/// @param epoch a 32-bit counter in the upper half and 32 random bits in the lower: a restored
///   backup or a cloned machine draws other bits and so never continues a feed it does not own
public record FeedId(NodeId author, long epoch) implements Comparable<FeedId> {
  /// By author, then by epoch (unsigned).
  @Override
  public int compareTo(FeedId other) {
    int order = author.compareTo(other.author);
    return order != 0 ? order : Long.compareUnsigned(epoch, other.epoch);
  }

  /// The counter half of the epoch.
  public int epochCounter() {
    return (int) (epoch >>> 32);
  }

  // Written out for the same reason as NodeId's.
  @Override
  public boolean equals(Object other) {
    return other instanceof FeedId that && epoch == that.epoch && author.equals(that.author);
  }

  @Override
  public int hashCode() {
    return author.hashCode() * 31 + Long.hashCode(epoch);
  }

  @Override
  public String toString() {
    return author + "/" + Long.toUnsignedString(epoch);
  }
}
