package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import java.util.List;

/// Records that count already and whose own signatures are to be verified; see [Ledger#vouch].
///
/// @param feed whose they are
/// @param fromSeq the place of the first
/// @param key with which they have to be signed
/// @param records encoded, one after the other
public record Unverified(FeedId feed, long fromSeq, PublicKey key, List<byte[]> records) {
  public Unverified {
    records = List.copyOf(records);
  }
}
