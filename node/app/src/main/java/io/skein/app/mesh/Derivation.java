package io.skein.app.mesh;

import io.skein.app.contract.Contracts;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.Retention;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.reputation.evidence.AcknowledgementCheck;
import io.skein.reputation.score.Reputation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What follows from the records it was shown, whatever their order. What a node wrote after its
/// identity had ended, or without ever becoming a member, is ignored ([Speakers]). Confined to the
/// mesh thread.
final class Derivation {
  private static final int TAIL = 500;

  private final Ledger ledger;

  /// Whose word counts.
  final Speakers speakers;

  /// What the mesh serves.
  final Catalogue catalogue = new Catalogue();

  /// What was decided to heal the mesh.
  final Verdicts verdicts = new Verdicts();

  /// How experiments ended.
  final Conclusions conclusions = new Conclusions();

  /// What was promised.
  final Contracts contracts;

  /// Which records may go.
  final Retention retention;

  /// Time and type of every record.
  final RecordColumns columns = new RecordColumns();

  /// Feeds that a record proves forked.
  final Set<FeedId> provenForked = new HashSet<>();

  /// The newest records, newest first.
  final Deque<SignedRecord> tail = new ArrayDeque<>();

  private Optional<Reputation> reputation = Optional.empty();
  private boolean catalogueChanged = true;
  private boolean stale;

  /// @param contracts without any records
  /// @param limits this node's
  Derivation(Ledger ledger, Contracts contracts, RetentionLimits limits) {
    this.ledger = ledger;
    this.speakers = new Speakers(ledger.roster());
    this.contracts = contracts;
    this.retention = new Retention(limits);
  }

  /// Takes in a record, each feed's in its order.
  void apply(SignedRecord record) {
    columns.add(record);
    tail.addFirst(record);
    if (tail.size() > TAIL) {
      tail.removeLast();
    }
    stale |= speakers.changedBy(record);
    boolean heeded = speakers.heeds(record);
    retention.apply(record, heeded);
    if (heeded) {
      derive(record);
    }
  }

  private void derive(SignedRecord record) {
    switch (record.body()) {
      case Body.Performance _ -> reputation().ifPresent(ready -> ready.apply(record));
      case Body.Service service ->
          catalogueChanged |= catalogue.apply(service.change(), record.hlc(), record.author());
      case Body.Experiment result -> conclusions.apply(record, result);
      case Body.Contract contract ->
          contracts.apply(contract.change(), record.hlc(), record.author());
      case Body.Heal heal -> verdicts.apply(record, heal);
      case Body.Effect effect -> verdicts.apply(record, effect);
      case ForkProof proof -> {
        // One that does not hold says nothing about anybody.
        if (proof.holds()) {
          provenForked.add(proof.feed());
        }
      }
      case Body.Genesis _, Body.Invite _, Body.Join _, Body.Revoke _, Body.Rotate _ ->
          catalogueChanged = true;
      case Body.Epoch _ -> {
        // Ends and admits nobody.
      }
      case Body.Receipts _, Body.Checkpoint _, Body.Cosign _, Body.Snapshot _, Body.Reserved _ -> {
        // Read elsewhere, or carried for nodes of a later version.
      }
    }
  }

  /// Whether by a record taken in, which was ignored or heeded before became wrong.
  boolean stale() {
    return stale;
  }

  /// Whether the catalogue may have changed since this was last asked.
  boolean catalogueChanged() {
    boolean changed = catalogueChanged;
    catalogueChanged = false;
    return changed;
  }

  /// What a feed was cut by is left out.
  void cut(FeedId feed, long size) {
    columns.cut(feed, size);
    retention.cut(feed, size);
  }

  /// The scoring, once the mesh's genesis is known.
  Optional<Reputation> reputation() {
    if (reputation.isEmpty()) {
      reputation =
          ledger
              .roster()
              .mesh()
              .map(mesh ->
                  new Reputation(
                      mesh.windowMillis(),
                      AcknowledgementCheck.signatures(ledger.meshId(), ledger.roster()::keyOf)));
    }
    return reputation;
  }
}
