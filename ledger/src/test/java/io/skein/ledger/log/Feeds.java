package io.skein.ledger.log;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Feeds made of nothing but a seed.
final class Feeds {
  static final long EPOCH = 1L << 32 | 7;

  private Feeds() {}

  static SigningKey key(long seed) {
    return SigningKey.generate(new SplittableRandom(seed));
  }

  static FeedId feed(SigningKey key) {
    return new FeedId(key.nodeId(), EPOCH);
  }

  /// A genesis and `count - 1` short records.
  static List<SignedRecord> chain(SigningKey key, int count) {
    List<SignedRecord> records = new ArrayList<>();
    SignedRecord genesis =
        SignedRecord.sign(
            key,
            Hash.ZERO,
            EPOCH,
            1,
            Hash.ZERO,
            1L << 16,
            new Body.Genesis("m", new byte[16], 2000, key.publicKey(), "a"));
    records.add(genesis);
    while (records.size() < count) {
      SignedRecord last = records.getLast();
      records.add(
          SignedRecord.sign(
              key,
              genesis.hash(),
              EPOCH,
              last.seq() + 1,
              last.hash(),
              (last.seq() + 1) << 16,
              new Body.Performance(last.seq(), List.of(), List.of())));
    }
    return records;
  }
}
