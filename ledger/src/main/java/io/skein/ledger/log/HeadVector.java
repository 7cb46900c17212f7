package io.skein.ledger.log;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.SortedMap;

/// The root of a set of heads: SHA-256 over the deterministic CBOR of `[[author, epoch, seq, hash],
/// …]`, sorted by author, then by epoch without sign. Equal roots mean equal ledgers.
public final class HeadVector {
  private HeadVector() {}

  /// The root of `heads`.
  public static Hash root(SortedMap<FeedId, Head> heads) {
    CborWriter out = new CborWriter(16 + 72 * heads.size()).array(heads.size());
    heads.forEach((feed, head) ->
        out.array(4)
            .bytes(feed.author().toBytes())
            .unsigned(feed.epoch())
            .integer(head.seq())
            .bytes(head.hash().toBytes()));
    return Sha256.of(out.toBytes());
  }
}
