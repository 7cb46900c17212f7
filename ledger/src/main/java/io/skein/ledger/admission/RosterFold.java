package io.skein.ledger.admission;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/// From identity records to members. All sets are walked in [Roster#ORDER], so that the result
/// depends on nothing but their content.
///
/// *Admission, given who is revoked.* The genesis admits its author. An invite stands if its author
/// is admitted, signed it, and was not revoked before it. A join stands if it is among the first
/// `uses` joins, one per author, of those that name a standing invite's key with a valid proof, by
/// hybrid clock no later than the invite's expiry, the revocation of its issuer and the revocation
/// of the joiner. A standing join admits its author. Admission only ever grows while invites are
/// added, so repeating this until nothing changes gives the same members from any starting order.
///
/// *Revocation.* Any member may revoke any identity. Revocations are taken one at a time: the first
/// whose author is then admitted and not revoked before it, and whose subject is not revoked yet;
/// admission is then computed anew. Of two members who revoke each other the earlier prevails. A
/// revocation once taken stays, also if a later one removes its author: that can only happen to an
/// author whose clock ran behind its issuer's.
///
/// Each round of either revokes or admits at least one more identity, so both end.
final class RosterFold {
  private final Hash meshId;
  private final List<SignedRecord> genesis;
  private final SortedSet<SignedRecord> invites;
  private final SortedSet<SignedRecord> revokes;
  private final Map<PublicKey, List<SignedRecord>> joinsByInvite = new HashMap<>();
  private final Map<SignedRecord, Boolean> verified;
  private final Map<NodeId, Long> revoked = new TreeMap<>();

  /// Members by identity, each with its earliest standing join; rebuilt for each revocation.
  private final Map<NodeId, Member> members = new TreeMap<>();

  /// Standing invites with those they admitted; rebuilt likewise.
  private final Map<SignedRecord, Set<NodeId>> admittedBy = new LinkedHashMap<>();

  RosterFold(
      Hash meshId,
      List<SignedRecord> genesis,
      SortedSet<SignedRecord> invites,
      SortedSet<SignedRecord> joins,
      SortedSet<SignedRecord> revokes,
      Map<SignedRecord, Boolean> verified) {
    this.meshId = meshId;
    this.genesis = genesis;
    this.invites = invites;
    this.revokes = revokes;
    this.verified = verified;
    for (SignedRecord record : joins) {
      if (record.body() instanceof Body.Join join) {
        joinsByInvite.computeIfAbsent(join.inviteKey(), _ -> new ArrayList<>()).add(record);
      }
    }
  }

  RosterSnapshot fold() {
    do {
      admit();
    } while (revokeNext());
    return new RosterSnapshot(meshId, mesh(), members(), inviteStates(), revoked.keySet());
  }

  private void admit() {
    members.clear();
    admittedBy.clear();
    for (SignedRecord record : genesis) {
      if (record.body() instanceof Body.Genesis body) {
        offer(record, body.nodeName(), body.publicKey(), Optional.empty());
      }
    }
    boolean grew = true;
    while (grew) {
      grew = false;
      for (SignedRecord record : invites) {
        if (record.body() instanceof Body.Invite invite
            && !admittedBy.containsKey(record)
            && speaks(record)) {
          admittedBy.put(record, admitBy(record, invite));
          grew = true;
        }
      }
    }
  }

  private Set<NodeId> admitBy(SignedRecord invite, Body.Invite terms) {
    Set<NodeId> admitted = new HashSet<>();
    for (SignedRecord record : joinsByInvite.getOrDefault(terms.inviteKey(), List.of())) {
      if (admitted.size() == terms.uses()) {
        break;
      }
      if (HybridClock.millis(record.hlc()) <= terms.expiresAtMillis()
          && record.hlc() <= endOf(invite.author())
          && record.hlc() <= endOf(record.author())
          && record.body() instanceof Body.Join join
          && admitted.add(record.author())) {
        offer(record, join.nodeName(), join.publicKey(), Optional.of(join.inviteKey()));
      }
    }
    return admitted;
  }

  private void offer(
      SignedRecord record, String name, PublicKey key, Optional<PublicKey> inviteKey) {
    Member offered =
        new Member(record.author(), name, key, inviteKey, record.hlc(), OptionalLong.empty());
    members.merge(
        record.author(),
        offered,
        (a, b) -> a.inviteKey().isEmpty() || a.joinedHlc() <= b.joinedHlc() ? a : b);
  }

  private boolean revokeNext() {
    for (SignedRecord record : revokes) {
      if (record.body() instanceof Body.Revoke(NodeId subject, _)
          && !revoked.containsKey(subject)
          && speaks(record)) {
        revoked.put(subject, record.hlc());
        return true;
      }
    }
    return false;
  }

  /// Whether its author is admitted, signed it, and was not revoked before it.
  private boolean speaks(SignedRecord record) {
    Member author = members.get(record.author());
    return author != null
        && record.hlc() <= endOf(record.author())
        && verified.computeIfAbsent(record, it -> it.verifies(author.key()));
  }

  private long endOf(NodeId id) {
    return revoked.getOrDefault(id, Long.MAX_VALUE);
  }

  private OptionalLong revokedHlc(NodeId id) {
    Long hlc = revoked.get(id);
    return hlc == null ? OptionalLong.empty() : OptionalLong.of(hlc);
  }

  private Optional<MeshInfo> mesh() {
    for (SignedRecord record : genesis) {
      if (record.body() instanceof Body.Genesis body) {
        return Optional.of(
            new MeshInfo(body.meshName(), body.windowMillis(), meshId, record.author()));
      }
    }
    return Optional.empty();
  }

  private Map<NodeId, Member> members() {
    Map<NodeId, Member> marked = new TreeMap<>();
    members.forEach((id, it) ->
        marked.put(
            id,
            new Member(id, it.name(), it.key(), it.inviteKey(), it.joinedHlc(), revokedHlc(id))));
    return marked;
  }

  private List<InviteState> inviteStates() {
    List<InviteState> states = new ArrayList<>();
    for (SignedRecord record : invites) {
      Set<NodeId> admitted = admittedBy.get(record);
      if (admitted != null && record.body() instanceof Body.Invite terms) {
        states.add(
            new InviteState(
                record.hash(),
                terms.inviteKey(),
                record.author(),
                terms.uses(),
                terms.uses() - admitted.size(),
                terms.expiresAtMillis(),
                revokedHlc(record.author())));
      }
    }
    return states;
  }
}
