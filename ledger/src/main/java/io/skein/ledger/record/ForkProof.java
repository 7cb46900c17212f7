package io.skein.ledger.record;

import io.skein.ledger.key.PublicKey;

/// Proof that somebody signed two records for one place in its feed. Complete in itself: the key
/// hashes to the author's identity and has signed both.
///
/// A record in it may be a fork-proof again, as an author can fork with those, too. Not every such
/// proof [fits][#fits] into a record; it convicts all the same.
///
/// @param key the forked author's key
/// @param first the record whose hash is smaller, read as a number without sign
/// @param second the other
public record ForkProof(PublicKey key, SignedRecord first, SignedRecord second) implements Body {
  /// Most fork-proofs within each other in a record, the outermost included: they are read one
  /// inside the other.
  public static final int MAX_NESTING = 4;

  public ForkProof {
    if (!first.feed().equals(second.feed()) || first.seq() != second.seq()) {
      throw new IllegalArgumentException("second: not of the first one's place in its feed");
    }
    if (first.hash().compareTo(second.hash()) >= 0) {
      throw new IllegalArgumentException("second: its hash is not greater than the first one's");
    }
    if (!key.nodeId().equals(first.author())) {
      throw new IllegalArgumentException("key: not the author's");
    }
  }

  /// Whether a record can say it: both records in it have no more than
  /// [SignedRecord#MAX_ORDINARY_BYTES], and no more than [#MAX_NESTING] fork-proofs lie within each
  /// other, this one included.
  public boolean fits() {
    return Math.max(first.encodedLength(), second.encodedLength())
            <= SignedRecord.MAX_ORDINARY_BYTES
        && Math.max(nesting(first), nesting(second)) < MAX_NESTING;
  }

  private static int nesting(SignedRecord record) {
    return record.body() instanceof ForkProof proof
        ? 1 + Math.max(nesting(proof.first), nesting(proof.second))
        : 0;
  }

  /// The proof from two records of one place, in whichever order.
  ///
  /// @throws IllegalArgumentException if they are not of one place, or equal
  public static ForkProof of(PublicKey key, SignedRecord one, SignedRecord other) {
    return one.hash().compareTo(other.hash()) < 0
        ? new ForkProof(key, one, other)
        : new ForkProof(key, other, one);
  }

  /// The feed that was forked.
  public FeedId feed() {
    return first.feed();
  }

  /// The place at which it was forked.
  public long seq() {
    return first.seq();
  }

  /// Whether both are signed by the key: then the author has cheated, whoever shows the proof.
  public boolean holds() {
    return first.verifies(key) && second.verifies(key);
  }

  @Override
  public int type() {
    return RecordType.FORK_PROOF;
  }
}
