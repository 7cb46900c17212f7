package io.skein.ledger.witness;

import io.skein.ledger.admission.MeshInfo;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What a node does for the provability of its ledger: checkpoints of its own feed, cosignatures
/// under others', and the comparison of all of them.
///
/// Apply every durable record in the order in which the ledger shows them; call [#due] once a
/// second or so and append what it returns, in order, before anything else. Confined to the
/// ledger's thread.
public final class Notary {
  private final Ledger ledger;
  private final LedgerFacts facts;
  private final Checkpoints checkpoints;
  private final Checkpointer checkpointer;
  private final Witness witness;

  /// @param key the ledger's own
  /// @param onAlarm hears of each new alarm once
  public Notary(Ledger ledger, LedgerFacts facts, SigningKey key, Consumer<Alarm> onAlarm) {
    this.ledger = ledger;
    this.facts = facts;
    this.checkpoints = new Checkpoints(facts, onAlarm);
    this.checkpointer = new Checkpointer(key, ledger.meshId());
    this.witness = new Witness(key, facts, checkpoints);
  }

  /// Takes in a durable record.
  public void apply(SignedRecord record, long nowMillis) {
    checkpoints.apply(record);
    checkpointer.apply(record, nowMillis);
    witness.apply(record);
  }

  /// Forgets what followed from records that no longer count; all that do have to be applied again.
  /// What this node signed stays signed.
  public void forget() {
    checkpoints.forget();
    checkpointer.forget();
  }

  /// What should be appended now. Nothing while records wait for a commit: a checkpoint speaks of
  /// durable records only, and the reputation it states follows from no other. Nothing while
  /// signatures wait to be verified: what this node signs is never taken back.
  ///
  /// @param repRoot the root of the reputations that follow from exactly the durable records
  public List<Body> due(long nowMillis, Supplier<Hash> repRoot) {
    checkpoints.settle();
    Optional<MeshInfo> mesh = ledger.roster().mesh();
    if (!ledger.writable()
        || ledger.uncommitted() > 0
        || ledger.openSignatures().count() > 0
        || mesh.isEmpty()) {
      return List.of();
    }
    long windowMillis = mesh.get().windowMillis();
    List<Body> due = new ArrayList<>();
    checkpoint(nowMillis, windowMillis, repRoot).ifPresent(due::add);
    witness.due(nowMillis, windowMillis, !due.isEmpty()).ifPresent(due::add);
    return due;
  }

  private Optional<Body> checkpoint(long nowMillis, long windowMillis, Supplier<Hash> repRoot) {
    FeedId own = ledger.ownFeed();
    if (!checkpointer.due(own, nowMillis, windowMillis)) {
      return Optional.empty();
    }
    long size = ledger.head(own).map(Head::seq).orElse(0L);
    Optional<TreeHashes> tree = facts.tree(own).filter(held -> held.size() == size && size > 0);
    Optional<KeptRecords> kept = checkpoints.kept(own);
    if (tree.isEmpty() || kept.isEmpty()) {
      return Optional.empty();
    }
    Hash root = TreeProofs.root(tree.get(), size);
    return Optional.of(
        checkpointer.make(own, size, root, ledger.headsRoot(), repRoot.get(), kept.get()));
  }

  /// Which records are covered and by whom witnessed.
  public Checkpoints checkpoints() {
    return checkpoints;
  }

  /// What this node signed.
  public Witness witness() {
    return witness;
  }
}
