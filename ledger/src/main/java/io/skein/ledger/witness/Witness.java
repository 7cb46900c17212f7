package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// This node as a witness of others' feeds, by the rules of C2SP tlog-witness.
///
/// - It signs only what follows from the feed it holds itself: the root is that of its own tree,
///   and what it signed last is so too.
/// - It never signs a size at or below the last one it signed for the feed. What it signed is in
///   its own feed, so it knows after a restart.
/// - It persists before it answers: a cosignature is handed out as a record, and no record leaves a
///   node before it is durable.
/// - It signs nothing for a frozen feed, nor for an author whose word no longer counts.
///
/// Cosignatures are collected: a record is due when one has waited for a window of the mesh,
/// [#MAX_WAIT_MILLIS] at most, or [#MAX_WAITING] wait. Confined to one thread.
public final class Witness {
  /// Longest wait of a checkpoint for this node's cosignature, once its record is here.
  public static final long MAX_WAIT_MILLIS = 10_000;

  /// Cosignatures that are handed out without waiting longer.
  public static final int MAX_WAITING = 32;

  /// Older checkpoints are signed only if they are their feed's newest: a feed that is fetched anew
  /// needs no cosignature under each.
  private static final long LIVE_MILLIS = 60_000;

  private final SigningKey key;
  private final LedgerFacts facts;
  private final Checkpoints checkpoints;
  private final Map<FeedId, Signed> last = new HashMap<>();
  private final TreeMap<FeedId, Long> waitingSince = new TreeMap<>();
  private long refused;

  private record Signed(long size, Hash root) {}

  public Witness(SigningKey key, LedgerFacts facts, Checkpoints checkpoints) {
    this.key = key;
    this.facts = facts;
    this.checkpoints = checkpoints;
  }

  /// Takes in a durable record: its own cosign records tell what it has signed.
  public void apply(SignedRecord record) {
    if (record.author().equals(self()) && record.body() instanceof Body.Cosign cosign) {
      cosign.cosignatures().forEach(this::signed);
    }
  }

  private void signed(Cosignature cosignature) {
    last.merge(
        cosignature.feed(),
        new Signed(cosignature.size(), cosignature.root()),
        (old, fresh) -> fresh.size() > old.size() ? fresh : old);
  }

  /// The cosign record to be appended now, if one is due. What it holds counts as signed at once,
  /// whether or not it becomes durable: then it never left this node.
  ///
  /// @param windowMillis length of the mesh's windows
  /// @param together whether another record is about to be written anyway: then nothing waits
  public Optional<Body.Cosign> due(long nowMillis, long windowMillis, boolean together) {
    long patience = Math.min(MAX_WAIT_MILLIS, windowMillis);
    List<TreeHead> due = new ArrayList<>();
    boolean old = false;
    for (FeedId feed : checkpoints.witnessedBy(self())) {
      if (checkpoints.newestSize(feed) <= lastSize(feed)) {
        waitingSince.remove(feed);
      } else {
        due.addAll(acceptable(feed, nowMillis));
        old |= nowMillis - waitingSince.computeIfAbsent(feed, _ -> nowMillis) >= patience;
      }
    }
    if (due.isEmpty() || !(old || together || due.size() >= MAX_WAITING)) {
      return Optional.empty();
    }
    List<Cosignature> cosignatures = new ArrayList<>();
    for (TreeHead head : due.subList(0, Math.min(due.size(), Body.Cosign.MAX_COSIGNATURES))) {
      Cosignature cosignature = head.cosign(key, nowMillis / 1_000);
      cosignatures.add(cosignature);
      signed(cosignature);
      waitingSince.remove(head.origin().feed());
    }
    return Optional.of(new Body.Cosign(cosignatures));
  }

  private List<TreeHead> acceptable(FeedId feed, long nowMillis) {
    Optional<TreeHashes> tree = facts.tree(feed);
    if (facts.frozen(feed) || !facts.members().contains(feed.author()) || tree.isEmpty()) {
      return List.of();
    }
    Signed before = last.get(feed);
    if (before != null && !holds(tree.get(), before.size(), before.root())) {
      refused++;
      return List.of();
    }
    return checkpoints.after(feed, lastSize(feed), nowMillis - LIVE_MILLIS).stream()
        .filter(head -> holds(tree.get(), head.size(), head.root()))
        .toList();
  }

  private static boolean holds(TreeHashes tree, long size, Hash root) {
    return size <= tree.size() && TreeProofs.root(tree, size).equals(root);
  }

  private long lastSize(FeedId feed) {
    Signed signed = last.get(feed);
    return signed == null ? 0 : signed.size();
  }

  /// How often a checkpoint was not signed because the feed held is not the one signed before.
  public long refused() {
    return refused;
  }

  private NodeId self() {
    return key.nodeId();
  }
}
