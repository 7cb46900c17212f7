package io.skein.ledger.record;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// How many records of a feed, from its first one on, [stay][RecordType#stays] for ever, and a hash
/// over them in their order. A checkpoint commits to it, so that whoever gets a feed that was cut
/// can tell whether a record that stays was left out.
///
/// `root` is a chain: 32 zero bytes for none; with each further record SHA-256 over the byte 02,
/// the root before and the record's hash, which has the record's place in it. Following a feed
/// takes 40 bytes and one hash for each record that stays.
///
/// @param count of the records, 0 or more
/// @param root over their hashes; zero if and only if there are none
public record KeptRecords(long count, Hash root) {
  /// Of a feed of which nothing is known yet.
  public static final KeptRecords NONE = new KeptRecords(0, Hash.ZERO);

  private static final byte PREFIX = 2;

  /// @throws IllegalArgumentException if `count` is negative, or zero with another root than zero
  ///   or the other way about
  public KeptRecords {
    Checks.notNegative("count", count);
    if ((count == 0) != root.equals(Hash.ZERO)) {
      throw new IllegalArgumentException("root: expected zero if and only if there are no records");
    }
  }

  /// With the feed's next record, which counts only if it stays.
  public KeptRecords and(SignedRecord next) {
    return RecordType.stays(next.body().type()) ? and(next.hash()) : this;
  }

  /// With the feed's next record that stays.
  public KeptRecords and(Hash next) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(PREFIX);
      digest.update(root.toBytes());
      digest.update(next.toBytes());
      return new KeptRecords(count + 1, Hash.of(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Of the records shown, in their order, from the feed's first one on.
  public static KeptRecords of(Iterable<SignedRecord> records) {
    KeptRecords kept = NONE;
    for (SignedRecord record : records) {
      kept = kept.and(record);
    }
    return kept;
  }
}
