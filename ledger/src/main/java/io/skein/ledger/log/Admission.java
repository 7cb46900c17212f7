package io.skein.ledger.log;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which feeds a ledger keeps. Not the same as who is a member: that is the roster's business.
///
/// What is kept must depend on nothing but the set of records, and must only grow with it, or two
/// nodes that heard the same records in another order would keep different feeds and never have
/// equal heads. So a feed is kept once its author is connected to the genesis by invites that
/// signed for it and had not expired at the time of the join, or by rotations from such an author
/// on that their successors agreed to; how often an invite was used, who was revoked and which of
/// two rotations came first is not asked. Records of authors who are no members are kept and
/// ignored.
final class Admission {
  /// What is to be done with a feed's first record.
  sealed interface Judgement {
    record Keep(PublicKey key) implements Judgement {}

    record Wait(String reason) implements Judgement {}

    record Refuse(Refusal reason, String detail) implements Judgement {}
  }

  private final Hash meshId;
  private final Map<NodeId, PublicKey> authors = new TreeMap<>();
  private final Map<PublicKey, Long> inviteExpiries = new HashMap<>();
  private long version;

  Admission(Hash meshId) {
    this.meshId = meshId;
  }

  /// Changes whenever a feed that had to wait might be kept now.
  long version() {
    return version;
  }

  /// Whether a node of that identity is connected to the genesis.
  boolean knows(NodeId author) {
    return authors.containsKey(author);
  }

  /// The key of a node connected to the genesis.
  Optional<PublicKey> keyOf(NodeId author) {
    return Optional.ofNullable(authors.get(author));
  }

  /// Forgets everything.
  void clear() {
    authors.clear();
    inviteExpiries.clear();
    version++;
  }

  Judgement judge(SignedRecord first) {
    Optional<PublicKey> carried = FeedKey.of(first);
    if (carried.isEmpty()) {
      return new Judgement.Refuse(
          Refusal.WRONG_FIRST_RECORD, "a feed cannot begin with " + first.body().typeName());
    }
    PublicKey key = carried.get();
    if (first.body() instanceof Body.Join join) {
      return joined(first, join);
    }
    return first.body() instanceof Body.Genesis
            || Optional.of(key).equals(Optional.ofNullable(authors.get(first.author())))
        ? new Judgement.Keep(key)
        : new Judgement.Wait("author " + first.author() + " is not known yet");
  }

  private Judgement joined(SignedRecord record, Body.Join join) {
    if (!JoinProof.verifies(join.inviteKey(), meshId, join.publicKey(), join.proof())) {
      return new Judgement.Refuse(Refusal.NOT_ADMITTED, "the proof is not the invite key's");
    }
    Long expiry = inviteExpiries.get(join.inviteKey());
    if (expiry == null) {
      return new Judgement.Wait("invite " + join.inviteKey() + " is not known yet");
    }
    return HybridClock.millis(record.hlc()) <= expiry
        ? new Judgement.Keep(join.publicKey())
        : new Judgement.Refuse(Refusal.NOT_ADMITTED, "the invite had expired");
  }

  /// Notes a record that is kept.
  void note(SignedRecord record) {
    switch (record.body()) {
      case Body.Genesis genesis -> author(record.author(), genesis.publicKey());
      case Body.Join join -> author(record.author(), join.publicKey());
      case Body.Invite invite -> {
        inviteExpiries.merge(invite.inviteKey(), invite.expiresAtMillis(), Math::max);
        version++;
      }
      case Body.Rotate rotate -> {
        NodeId successor = rotate.successor().nodeId();
        if (!authors.containsKey(successor)
            && RotationProof.verifies(
                rotate.successor(), meshId, record.author(), rotate.proof())) {
          author(successor, rotate.successor());
        }
      }
      case Body.Epoch _,
          Body.Revoke _,
          Body.Performance _,
          Body.Service _,
          Body.Contract _,
          Body.Experiment _,
          Body.Heal _,
          Body.Effect _,
          Body.Receipts _,
          Body.Checkpoint _,
          Body.Cosign _,
          ForkProof _,
          Body.Snapshot _,
          Body.Reserved _ -> {}
    }
  }

  private void author(NodeId author, PublicKey key) {
    if (authors.putIfAbsent(author, key) == null) {
      version++;
    }
  }
}
