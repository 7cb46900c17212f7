package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    return counted(judged(record, signer, false));
  }

  /// See [Ledger#vouch].
  Acceptance vouch(SignedRecord record, PublicKey signer) {
    return record.seq() == 1
        ? accept(record, Optional.empty())
        : counted(judged(record, Optional.of(signer), true));
  }

  private Acceptance judged(SignedRecord record, Optional<PublicKey> signer, boolean vouched) {
    Optional<StorageFailure> failure = store.failure();
    if (failure.isPresent()) {
      return new Acceptance.NotYet(record.feed(), "storage: " + failure.get().reason());
    }
    Acceptance judgement = holdings.judge(record, signer);
    if (judgement instanceof Acceptance.Duplicate) {
      store.mend(record);
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
        return new Acceptance.NotYet(held.feed(), "the record in its place is not signed");
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
    Acceptance acceptance = holdings.adopt(cut, hashes, kept, checkpoint);
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
