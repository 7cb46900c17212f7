package io.skein.ledger.witness;

import io.skein.ledger.admission.InviteState;
import io.skein.ledger.admission.Member;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.note.CheckpointNote;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Makes proofs from a ledger. Confined to the ledger's thread.
public final class RecordProofs {
  private final Ledger ledger;
  private final LedgerFacts facts;
  private final Checkpoints checkpoints;

  public RecordProofs(Ledger ledger, LedgerFacts facts, Checkpoints checkpoints) {
    this.ledger = ledger;
    this.facts = facts;
    this.checkpoints = checkpoints;
  }

  /// The proof that a record held is in its feed, by the best checkpoint that covers it; empty if
  /// none does yet, or a signature in it is still to be verified.
  public Optional<RecordProof> of(SignedRecord record) {
    Optional<Coverage> coverage = checkpoints.coverage(record.feed(), record.seq());
    Optional<TreeHashes> tree = facts.tree(record.feed());
    Optional<CheckpointNote> note = coverage.flatMap(one -> one.note(facts.meshId(), facts::keyOf));
    if (coverage.isEmpty() || tree.isEmpty() || note.isEmpty()) {
      return Optional.empty();
    }
    Set<NodeId> named = new TreeSet<>(coverage.get().cosignatures().keySet());
    named.add(record.author());
    List<SignedRecord> admission =
        admission(named).stream().limit(RecordProof.MAX_ADMISSION).toList();
    if (!verified(record) || !admission.stream().allMatch(this::verified)) {
      return Optional.empty();
    }
    return Optional.of(
        new RecordProof(
            facts.meshId(),
            record.encoded(),
            TreeProofs.inclusion(tree.get(), record.seq() - 1, note.get().head().size()),
            note.get().encoded(),
            admission.stream().map(SignedRecord::encoded).toList()));
  }

  private boolean verified(SignedRecord record) {
    return ledger
        .verifiedHead(record.feed())
        .filter(head -> record.seq() <= head.seq())
        .isPresent();
  }

  /// The records by which these nodes were admitted, the genesis first: invites, joins, rotations,
  /// and the same of everybody who invited or preceded them.
  List<SignedRecord> admission(Set<NodeId> nodes) {
    Map<Hash, SignedRecord> chain = new LinkedHashMap<>();
    ledger.record(facts.meshId()).ifPresent(genesis -> chain.put(genesis.hash(), genesis));
    Deque<NodeId> open = new ArrayDeque<>(nodes);
    Set<NodeId> seen = new TreeSet<>(nodes);
    while (!open.isEmpty()) {
      for (NodeId next : admittedBy(open.removeFirst(), chain)) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return List.copyOf(chain.values());
  }

  private List<NodeId> admittedBy(NodeId node, Map<Hash, SignedRecord> chain) {
    List<NodeId> admitters = new ArrayList<>();
    Optional<Member> member = ledger.roster().member(node);
    member
        .flatMap(Member::predecessor)
        .ifPresent(before -> {
          admitters.add(before);
          ledger
              .roster()
              .member(before)
              .flatMap(Member::rotation)
              .flatMap(rotation -> ledger.record(rotation.record()))
              .ifPresent(rotate -> chain.put(rotate.hash(), rotate));
        });
    if (member.isEmpty() || member.get().predecessor().isPresent()) {
      return admitters;
    }
    joins(node).forEach(join -> chain.put(join.hash(), join));
    for (InviteState invite : ledger.roster().invites()) {
      if (member.get().inviteKey().equals(Optional.of(invite.inviteKey()))) {
        ledger.record(invite.record()).ifPresent(record -> chain.put(record.hash(), record));
        admitters.add(invite.issuer());
      }
    }
    return admitters;
  }

  private List<SignedRecord> joins(NodeId node) {
    return ledger.heads().subMap(new FeedId(node, 0), new FeedId(node, -1)).keySet().stream()
        .flatMap(feed -> ledger.page(feed, 1, 1).stream())
        .filter(first -> first.body() instanceof Body.Join)
        .toList();
  }
}
