package io.skein.ledger.admission;

import io.skein.ledger.admission.Verdict.Reason;
import io.skein.ledger.admission.Verdict.Refused;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// A [Roster] at one moment. Immutable; any thread.
public final class RosterSnapshot {
  private final Hash meshId;
  private final Optional<MeshInfo> mesh;
  private final Map<NodeId, Member> members;
  private final List<Member> sorted;
  private final Map<NodeId, Descent.Line> lines;
  private final List<InviteState> invites;
  private final Set<NodeId> latecomers;
  private final Map<NodeId, Revocation> revocations;

  RosterSnapshot(
      Hash meshId,
      Optional<MeshInfo> mesh,
      Map<NodeId, Member> members,
      Map<NodeId, Descent.Line> lines,
      List<InviteState> invites,
      Set<NodeId> latecomers,
      Map<NodeId, Revocation> revocations) {
    this.meshId = meshId;
    this.mesh = mesh;
    this.members = Collections.unmodifiableMap(new TreeMap<>(members));
    this.sorted = List.copyOf(this.members.values());
    this.lines = Map.copyOf(lines);
    this.invites = List.copyOf(invites);
    this.latecomers = Collections.unmodifiableSet(new TreeSet<>(latecomers));
    this.revocations = Collections.unmodifiableMap(new TreeMap<>(revocations));
  }

  /// The mesh's id.
  public Hash meshId() {
    return meshId;
  }

  /// The mesh, if its genesis is known.
  public Optional<MeshInfo> mesh() {
    return mesh;
  }

  /// A member, ended ones included.
  public Optional<Member> member(NodeId id) {
    return Optional.ofNullable(members.get(id));
  }

  /// All members in order of identity, ended ones included.
  public List<Member> members() {
    return sorted;
  }

  /// A member's key, ended ones included.
  public Optional<PublicKey> keyOf(NodeId id) {
    return member(id).map(Member::key);
  }

  /// The keys of the invites through which a member came, one of the founder's first and the one by
  /// which it joined last; of more than [Descent#MOST] the first. Empty for the founder, for its
  /// successors and for strangers. Of several ways it is the shortest, so that what a member
  /// invites lies below the invites it came through itself, whatever else it signs.
  public List<PublicKey> cameThrough(NodeId id) {
    return lineOf(id).invites();
  }

  /// Who issued the invites of [#cameThrough], the founder first and the one that let this member
  /// in last, each by the identity that holds its place now; as many as those.
  public List<NodeId> cameBy(NodeId id) {
    return lineOf(id).issuers();
  }

  private Descent.Line lineOf(NodeId id) {
    return lines.getOrDefault(id, Descent.Line.NONE);
  }

  /// Invites that members issued, in order of issue.
  public List<InviteState> invites() {
    return invites;
  }

  /// Who joined by an invite that others had used up before, by the times of their joins, and is no
  /// member: so where both sides of a split admitted somebody by the last use.
  public Set<NodeId> latecomers() {
    return latecomers;
  }

  /// How an identity was revoked, whether or not it was ever a member.
  public Optional<Revocation> revocation(NodeId id) {
    return Optional.ofNullable(revocations.get(id));
  }

  /// Every identity that was revoked, with how.
  public Map<NodeId, Revocation> revocations() {
    return revocations;
  }

  /// Who holds that identity now: the last of those it was handed on to; itself if it was not.
  public NodeId current(NodeId id) {
    Set<NodeId> seen = new HashSet<>();
    NodeId at = id;
    while (seen.add(at)) {
      Optional<Rotation> rotation = member(at).flatMap(Member::rotation);
      if (rotation.isEmpty()) {
        return at;
      }
      at = rotation.get().successor();
    }
    return at;
  }

  /// The member of that identity and those it took over from, newest first; empty for a stranger.
  public List<Member> line(NodeId id) {
    Map<NodeId, Member> line = new LinkedHashMap<>();
    Optional<Member> at = member(id);
    while (at.isPresent() && line.putIfAbsent(at.get().id(), at.get()) == null) {
      at = at.flatMap(Member::predecessor).flatMap(this::member);
    }
    return List.copyOf(line.values());
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
    Optional<Revocation> revocation = revocation(id);
    if (revocation.isPresent()) {
      return revoked(credential, revocation.get());
    }
    Optional<Member> member = member(id);
    if (member.isPresent()) {
      return member
          .get()
          .rotation()
          .<Verdict>map(_ -> Verdict.rotated(credential, current(id)))
          .orElseGet(() -> new Verdict.Admitted(member.get()));
    }
    if (!credential.succession().isEmpty()) {
      return checkSuccession(credential);
    }
    return credential
        .admission()
        .map(admission -> checkInvite(credential, admission.inviteKey(), nowMillis))
        .orElseGet(() ->
            new Refused(
                Reason.UNKNOWN_INVITE,
                Verdict.name(credential) + " is not a member and names no invite"));
  }

  private static Verdict revoked(Credential credential, Revocation revocation) {
    String what =
        revocation.subject().equals(credential.nodeId())
            ? " was revoked"
            : " took over " + revocation.subject() + ", which was revoked";
    return new Refused(
        Reason.REVOKED,
        Verdict.name(credential)
            + what
            + "; it can come back only with a new identity and a new token");
  }

  /// The rotations a successor shows itself while the ledger does not have them: from a member that
  /// has not ended on, each signed by the one before and agreed to by the next.
  private Verdict checkSuccession(Credential credential) {
    Optional<PublicKey> holder = Optional.empty();
    for (SignedRecord link : credential.succession()) {
      NodeId old = link.author();
      if (revocations.containsKey(old)) {
        return revoked(credential, revocations.get(old));
      }
      Optional<Rotation> known = member(old).flatMap(Member::rotation);
      if (known.isPresent() && !known.get().record().equals(link.hash())) {
        return Verdict.supplanted(credential, old, known.get().successor());
      }
      Optional<PublicKey> key = keyOf(old).or(orElse(holder, old));
      if (key.isPresent()) {
        holder = Credential.successor(link, meshId, key.get());
        if (holder.isEmpty()) {
          return Verdict.badSuccession(credential);
        }
      }
    }
    if (holder.isEmpty()) {
      return new Refused(
          Reason.UNKNOWN_INVITE,
          Verdict.name(credential)
              + " took over an identity that is not a member here; wait until its admission has"
              + " spread");
    }
    return holder.get().equals(credential.key())
        ? new Verdict.Pending(credential)
        : Verdict.badSuccession(credential);
  }

  private static Supplier<Optional<PublicKey>> orElse(Optional<PublicKey> holder, NodeId id) {
    return () -> holder.filter(key -> key.nodeId().equals(id));
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
