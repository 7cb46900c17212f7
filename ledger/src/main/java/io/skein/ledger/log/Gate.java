package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;
import java.util.Set;

/// Judges records from elsewhere; changes nothing. Cheap questions come first: a signature is
/// verified only if everything else about its record would do.
final class Gate {
  private final Hash meshId;
  private final RecordStore store;
  private final LedgerFeeds feeds;
  private final Admission admission;
  private final Forks forks;
  private final Set<FeedId> dormant;
  private final HybridClock clock;

  Gate(
      Hash meshId,
      RecordStore store,
      LedgerFeeds feeds,
      Admission admission,
      Forks forks,
      Set<FeedId> dormant,
      HybridClock clock) {
    this.meshId = meshId;
    this.store = store;
    this.feeds = feeds;
    this.admission = admission;
    this.forks = forks;
    this.dormant = dormant;
    this.clock = clock;
  }

  /// What should become of a record; `Accepted` means that it may enter.
  ///
  /// @param signer whose signature it bears, if that was verified already
  Acceptance judge(SignedRecord record, Optional<PublicKey> signer) {
    if (!record.isOf(meshId)) {
      return new Acceptance.Refused(Refusal.OTHER_MESH, "record of mesh " + record.meshId());
    }
    boolean genesis = record.body() instanceof Body.Genesis;
    if (record.seq() >= forks.cut(record.feed()) && !genesis) {
      return new Acceptance.Refused(
          Refusal.FROZEN,
          "feed " + record.feed() + " is frozen by a fork at " + forks.cut(record.feed()));
    }
    if (dormant.contains(record.feed())) {
      return Acceptance.NotYet.unknown(record.feed(), "its feed is held and not admitted yet");
    }
    Optional<LedgerFeed> feed = feeds.feed(record.feed());
    long tip = Math.min(feed.map(LedgerFeed::tipSeq).orElse(0L), forks.cut(record.feed()) - 1);
    if (record.seq() > tip + 1) {
      return new Acceptance.Gap(record.feed(), tip + 1);
    }
    if (feed.isEmpty()) {
      return first(record, signer);
    }
    return record.seq() <= tip
        ? known(feed.get(), record)
        : proven(record, feed.get().key, signer, feed.get().tipHash());
  }

  private Acceptance first(SignedRecord record, Optional<PublicKey> signer) {
    return switch (admission.judge(record)) {
      case Admission.Judgement.Wait(String reason) ->
          Acceptance.NotYet.unknown(record.feed(), reason);
      case Admission.Judgement.Refuse(Refusal reason, String detail) ->
          new Acceptance.Refused(reason, detail);
      case Admission.Judgement.Keep(PublicKey key) -> proven(record, key, signer, Hash.ZERO);
    };
  }

  private Acceptance proven(
      SignedRecord record, PublicKey key, Optional<PublicKey> signer, Hash prev) {
    if (!clock.plausible(record.hlc())) {
      return new Acceptance.Refused(
          Refusal.IMPLAUSIBLE_CLOCK, record + " is from the future: check its author's clock");
    }
    if (!signer.equals(Optional.of(key)) && !record.verifies(key)) {
      return unsigned(record);
    }
    return record.prev().equals(prev)
        ? new Acceptance.Accepted(record)
        : new Acceptance.Refused(
            Refusal.BROKEN_CHAIN, record + " follows another record than the one held");
  }

  private Acceptance known(LedgerFeed feed, SignedRecord record) {
    Optional<SignedRecord> held = store.record(feed.id, record.seq());
    Optional<Hash> hash = held.map(SignedRecord::hash).or(() -> hash(feed.id, record.seq()));
    if (hash.isEmpty() || hash.get().equals(record.hash())) {
      return new Acceptance.Duplicate(record);
    }
    if (held.isEmpty() && store.next(feed.id, record.seq()) != record.seq()) {
      return new Acceptance.Refused(
          Refusal.BROKEN_CHAIN, record + " is not the record that was here before the cut");
    }
    if (!record.verifies(feed.key)) {
      return unsigned(record);
    }
    return held.isPresent()
        ? new Acceptance.Forked(held.get(), record)
        : Acceptance.NotYet.ofOwnDisk(feed.id, "record " + record.seq() + " is not readable");
  }

  /// The hash of a durable record, also of one that is not there or not readable.
  private Optional<Hash> hash(FeedId feed, long seq) {
    return store
        .tree(feed)
        .filter(tree -> seq <= tree.size())
        .map(tree -> tree.subtree(0, seq - 1));
  }

  /// Whether a record's time is not too far ahead.
  boolean plausible(SignedRecord record) {
    return clock.plausible(record.hlc());
  }

  private static Acceptance unsigned(SignedRecord record) {
    return new Acceptance.Refused(Refusal.BAD_SIGNATURE, record + " is not signed by its author");
  }
}
