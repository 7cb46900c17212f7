package io.skein.ledger.admission;

import io.skein.ledger.admission.Verdict.Reason;
import io.skein.ledger.admission.Verdict.Refused;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Hash;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A [Roster] at one moment. Immutable; any thread.
public final class RosterSnapshot {
  private final Hash meshId;
  private final Optional<MeshInfo> mesh;
  private final Map<NodeId, Member> members;
  private final List<Member> sorted;
  private final List<InviteState> invites;
  private final Set<NodeId> revoked;

  RosterSnapshot(
      Hash meshId,
      Optional<MeshInfo> mesh,
      Map<NodeId, Member> members,
      List<InviteState> invites,
      Collection<NodeId> revoked) {
    this.meshId = meshId;
    this.mesh = mesh;
    this.members = Collections.unmodifiableMap(new TreeMap<>(members));
    this.sorted = List.copyOf(this.members.values());
    this.invites = List.copyOf(invites);
    this.revoked = Collections.unmodifiableSet(new TreeSet<>(revoked));
  }

  /// The mesh's id.
  public Hash meshId() {
    return meshId;
  }

  /// The mesh, if its genesis is known.
  public Optional<MeshInfo> mesh() {
    return mesh;
  }

  /// A member, revoked ones included.
  public Optional<Member> member(NodeId id) {
    return Optional.ofNullable(members.get(id));
  }

  /// All members in order of identity, revoked ones included.
  public List<Member> members() {
    return sorted;
  }

  /// A member's key, revoked ones included.
  public Optional<PublicKey> keyOf(NodeId id) {
    return member(id).map(Member::key);
  }

  /// Invites that members issued, in order of issue.
  public List<InviteState> invites() {
    return invites;
  }

  /// Whether a node may connect at `nowMillis` (Unix milliseconds). Without a genesis the verdict
  /// is [provisional][Verdict#provisional].
  public Verdict check(Credential credential, long nowMillis) {
    if (mesh.isEmpty()) {
      return Verdict.provisional(meshId, credential);
    }
    if (!credential.meshId().equals(meshId)) {
      return Verdict.otherMesh(meshId, credential);
    }
    NodeId id = credential.nodeId();
    if (revoked.contains(id)) {
      return new Refused(
          Reason.REVOKED,
          Verdict.name(credential)
              + " was revoked; it can come back only with a new identity and a new token");
    }
    Optional<Member> member = member(id);
    if (member.isPresent()) {
      return new Verdict.Admitted(member.get());
    }
    return credential
        .admission()
        .map(admission -> checkInvite(credential, admission.inviteKey(), nowMillis))
        .orElseGet(() ->
            new Refused(
                Reason.UNKNOWN_INVITE,
                Verdict.name(credential) + " is not a member and names no invite"));
  }

  private Verdict checkInvite(Credential credential, PublicKey inviteKey, long nowMillis) {
    List<InviteState> named =
        invites.stream().filter(invite -> invite.inviteKey().equals(inviteKey)).toList();
    if (named.isEmpty()) {
      return new Refused(
          Reason.UNKNOWN_INVITE,
          Verdict.name(credential)
              + " names an invite that is not in this ledger; make a token with 'skein invite' on"
              + " a member, or wait until it has spread");
    }
    if (!credential.proves()) {
      return Verdict.badProof(credential);
    }
    Verdict last = new Verdict.Pending(credential);
    for (InviteState invite : named) {
      last = checkTerms(credential, invite, nowMillis);
      if (last instanceof Verdict.Pending) {
        return last;
      }
    }
    return last;
  }

  private static Verdict checkTerms(Credential credential, InviteState invite, long nowMillis) {
    String name = Verdict.name(credential);
    if (invite.endedHlc().isPresent()) {
      return new Refused(
          Reason.REVOKED,
          name + " names an invite whose issuer " + invite.issuer() + " was revoked");
    }
    if (nowMillis > invite.expiresAtMillis()) {
      return new Refused(
          Reason.INVITE_EXPIRED,
          name
              + " names an invite that expired at "
              + Instant.ofEpochMilli(invite.expiresAtMillis())
              + "; make a new token with 'skein invite'");
    }
    if (invite.usesLeft() == 0) {
      return new Refused(
          Reason.INVITE_USED_UP,
          name
              + " names an invite that has admitted all "
              + invite.uses()
              + " nodes it may; make a new token with 'skein invite'");
    }
    return new Verdict.Pending(credential);
  }
}
