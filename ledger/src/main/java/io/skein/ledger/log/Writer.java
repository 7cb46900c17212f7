package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Signs a node's own records: which feed they go to, and whether it may write at all.
final class Writer {
  private final SigningKey key;
  private final Hash meshId;
  private final HybridClock clock;
  private final RandomGenerator random;
  private @Nullable FeedId current;
  private @Nullable FeedId newest;
  private boolean allowed;

  Writer(SigningKey key, Hash meshId, HybridClock clock, RandomGenerator random) {
    this.key = key;
    this.meshId = meshId;
    this.clock = clock;
    this.random = random;
  }

  NodeId self() {
    return key.nodeId();
  }

  Optional<FeedId> current() {
    return Optional.ofNullable(current);
  }

  /// Notes a feed; only the own ones matter. Before writing is allowed the one with the highest
  /// epoch becomes the current one; from then on a feed that this node did not begin itself is
  /// somebody else's who has its key, and must not be written.
  void note(FeedId feed) {
    if (!feed.author().equals(self())) {
      return;
    }
    FeedId known = newest;
    if (known == null || feed.compareTo(known) > 0) {
      newest = feed;
      if (!allowed) {
        current = feed;
      }
    }
  }

  boolean allowed() {
    return allowed;
  }

  void allow() {
    allowed = true;
  }

  /// The record that begins a further epoch, which is the current one from now on.
  SignedRecord nextEpoch() {
    SignedRecord first =
        first(new Body.Epoch(key.publicKey(), current().map(FeedId::epoch).orElse(0L)));
    current = first.feed();
    return first;
  }

  /// The first record of an epoch never used before: the counter goes up, the rest is random.
  SignedRecord first(Body body) {
    long counter = Optional.ofNullable(newest).map(feed -> feed.epochCounter() + 1L).orElse(1L);
    long epoch = counter << 32 | (random.nextInt() & 0xffff_ffffL);
    return SignedRecord.sign(key, meshId, epoch, 1, Hash.ZERO, clock.now(), body);
  }

  /// The record after `seq` and `prev` in the current feed.
  SignedRecord next(FeedId feed, long seq, Hash prev, Body body) {
    return SignedRecord.sign(key, meshId, feed.epoch(), seq + 1, prev, clock.now(), body);
  }
}
