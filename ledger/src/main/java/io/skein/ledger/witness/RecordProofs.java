package io.skein.ledger.witness;

import io.skein.ledger.admission.InviteState;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
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
import java.util.SortedMap;
import java.util.TreeSet;

/// Makes proofs from a ledger. Confined to the ledger's thread.
///
/// The records that admit a proof's signers are kept from one proof to the next: decoding them
/// means checking their keys, which costs more than all the rest of a proof. They stand until a
/// record becomes durable or the roster changes.
public final class RecordProofs {
  private final Ledger ledger;
  private final LedgerFacts facts;
  private final Checkpoints checkpoints;
  private Optional<Kept> kept = Optional.empty();

  /// What admits `nodes`, as long as heads and roster are these very objects.
  private record Kept(
      SortedMap<FeedId, Head> heads,
      RosterSnapshot roster,
      Set<NodeId> nodes,
      List<byte[]> admission) {}

  /// Records found so far, and whether one was missing, which a repair may bring back.
  private static final class Chain {
    final Map<Hash, SignedRecord> records = new LinkedHashMap<>();
    boolean whole = true;

    void add(Optional<SignedRecord> record) {
      record.ifPresentOrElse(found -> records.put(found.hash(), found), () -> whole = false);
    }
  }

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
    if (ledger.openSignatures().count() > 0
        && !(verified(record) && admission(named).stream().allMatch(this::verified))) {
      return Optional.empty();
    }
    return Optional.of(
        new RecordProof(
            facts.meshId(),
            record.encoded(),
            TreeProofs.inclusion(tree.get(), record.seq() - 1, note.get().head().size()),
            note.get().encoded(),
            encodedAdmission(named)));
  }

  private boolean verified(SignedRecord record) {
    return ledger
        .verifiedHead(record.feed())
        .filter(head -> record.seq() <= head.seq())
        .isPresent();
  }

  private List<byte[]> encodedAdmission(Set<NodeId> nodes) {
    SortedMap<FeedId, Head> heads = ledger.heads();
    RosterSnapshot roster = ledger.roster().snapshot();
    if (kept.isPresent()
        && kept.get().heads() == heads
        && kept.get().roster() == roster
        && kept.get().nodes().equals(nodes)) {
      return kept.get().admission();
    }
    Chain chain = chain(nodes);
    List<byte[]> admission =
        chain.records.values().stream()
            .limit(RecordProof.MAX_ADMISSION)
            .map(SignedRecord::encoded)
            .toList();
    kept = chain.whole ? Optional.of(new Kept(heads, roster, nodes, admission)) : Optional.empty();
    return admission;
  }

  /// The records by which these nodes were admitted, the genesis first: invites, joins, rotations,
  /// and the same of everybody who invited or preceded them.
  List<SignedRecord> admission(Set<NodeId> nodes) {
    return List.copyOf(chain(nodes).records.values());
  }

  private Chain chain(Set<NodeId> nodes) {
    Chain chain = new Chain();
    chain.add(ledger.record(facts.meshId()));
    Deque<NodeId> open = new ArrayDeque<>(nodes);
    Set<NodeId> seen = new TreeSet<>(nodes);
    while (!open.isEmpty()) {
      for (NodeId next : admittedBy(open.removeFirst(), chain)) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return chain;
  }

  private List<NodeId> admittedBy(NodeId node, Chain chain) {
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
              .ifPresent(rotation -> chain.add(ledger.record(rotation.record())));
        });
    if (member.isEmpty() || member.get().predecessor().isPresent()) {
      return admitters;
    }
    joins(node, chain);
    for (InviteState invite : ledger.roster().invites()) {
      if (member.get().inviteKey().equals(Optional.of(invite.inviteKey()))) {
        chain.add(ledger.record(invite.record()));
        admitters.add(invite.issuer());
      }
    }
    return admitters;
  }

  private void joins(NodeId node, Chain chain) {
    for (FeedId feed : ledger.heads().subMap(new FeedId(node, 0), new FeedId(node, -1)).keySet()) {
      List<SignedRecord> first = ledger.page(feed, 1, 1);
      if (first.isEmpty() || first.getFirst().body() instanceof Body.Join) {
        chain.add(first.stream().findFirst());
      }
    }
  }
}
