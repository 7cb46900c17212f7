package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What becomes of all that others send: it is taken in, convicts its author, waits or is refused;
/// and how often it was refused, and why.
final class Reception {
  private final RecordStore store;
  private final Holdings holdings;
  private final OwnFeed own;
  private final HybridClock clock;
  private final EnumMap<Refusal, Long> refusals = new EnumMap<>(Refusal.class);
  private long duplicates;

  /// @param clock hears the times of the records taken in
  Reception(RecordStore store, Holdings holdings, OwnFeed own, HybridClock clock) {
    this.store = store;
    this.holdings = holdings;
    this.own = own;
    this.clock = clock;
  }

  /// See [Ledger#accept(Decoded, Optional)].
  Acceptance accept(Decoded decoded, Optional<PublicKey> signer) {
    return switch (decoded) {
      case Decoded.Malformed(String reason) ->
          counted(new Acceptance.Refused(Refusal.MALFORMED, reason));
      case Decoded.Valid(SignedRecord record) -> accept(record, signer);
    };
  }

  /// See [Ledger#accept(SignedRecord, Optional)].
  Acceptance accept(SignedRecord record, Optional<PublicKey> signer) {
    return counted(asFarAsGiven(record.feed(), () -> judged(record, signer, false)));
  }

  /// See [Ledger#vouch].
  Acceptance vouch(SignedRecord record, PublicKey signer) {
    return record.seq() == 1
        ? accept(record, Optional.empty())
        : counted(asFarAsGiven(record.feed(), () -> judged(record, Optional.of(signer), true)));
  }

  /// What the disk does not give back is a reason to wait, and no fault of what was offered.
  private Acceptance asFarAsGiven(FeedId feed, Supplier<Acceptance> judgement) {
    try {
      return judgement.get();
    } catch (UncheckedIOException e) {
      StorageFailure failure = store.failure().orElseThrow(() -> e);
      return Acceptance.NotYet.ofOwnDisk(feed, failure.reason());
    }
  }

  private Acceptance judged(SignedRecord record, Optional<PublicKey> signer, boolean vouched) {
    Optional<StorageFailure> failure = store.failure();
    if (failure.isPresent()) {
      return Acceptance.NotYet.ofOwnDisk(record.feed(), failure.get().reason());
    }
    Acceptance judgement = holdings.judge(record, signer);
    if (judgement instanceof Acceptance.Duplicate || judgement instanceof Acceptance.NotYet) {
      store.mend(record); // of a feed that waits for its first record, too
    }
    if (judgement instanceof Acceptance.Accepted) {
      boolean mine = own.writes(record.feed());
      clock.observe(record.hlc());
      if (vouched) {
        holdings.vouch(record, signer.orElseThrow());
      } else {
        holdings.enter(record);
      }
      if (mine) {
        own.cloned();
      }
      own.goOnElsewhere();
    } else if (judgement instanceof Acceptance.Forked(SignedRecord held, SignedRecord other)) {
      PublicKey key = holdings.feeds.of(held).key;
      if (holdings.vouched.holds(held.feed()) && !held.verifies(key)) {
        holdings.vouched.suspect(held.feed(), held.seq());
        return Acceptance.NotYet.unknown(held.feed(), "the record in its place is not signed");
      }
      holdings.convict(ForkProof.of(key, held, other));
      own.goOnElsewhere();
    }
    return judgement;
  }

  /// See [Ledger#accept(ForkProof)].
  Conviction accept(ForkProof proof) {
    Conviction conviction = holdings.convict(proof);
    if (conviction == Conviction.FALSE) {
      refused(Refusal.FALSE_PROOF);
    }
    own.goOnElsewhere();
    return conviction;
  }

  /// See [Ledger#adopt].
  Acceptance adopt(FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint) {
    Acceptance acceptance =
        asFarAsGiven(cut.feed(), () -> holdings.adopt(cut, hashes, kept, checkpoint));
    if (acceptance instanceof Acceptance.Refused(Refusal reason, _)) {
      refused(reason);
    }
    return acceptance;
  }

  private Acceptance counted(Acceptance acceptance) {
    switch (acceptance) {
      case Acceptance.Refused(Refusal reason, _) -> refused(reason);
      case Acceptance.Duplicate _ -> duplicates++;
      case Acceptance.Accepted _, Acceptance.Gap _, Acceptance.NotYet _, Acceptance.Forked _ -> {}
    }
    return acceptance;
  }

  /// Counts a refusal.
  void refused(Refusal reason) {
    refusals.merge(reason, 1L, Long::sum);
  }

  /// How often, by reason.
  Map<Refusal, Long> refusals() {
    return Collections.unmodifiableMap(refusals);
  }

  /// How often a record was held already.
  long duplicates() {
    return duplicates;
  }
}
