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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// From identity records to members. All sets are walked in [Roster#ORDER], so that the result
/// depends on nothing but their content.
///
/// *Admission, given who has ended.* The genesis admits its author. An invite stands if its author
/// is admitted, signed it, and had not ended before it. A join stands if it is among the first
/// `uses` joins, one per author, of those that name a standing invite's key with a valid proof, by
/// hybrid clock no later than the invite's expiry, the revocation of its issuer or of a successor
/// of its issuer, and the revocation of the joiner. A standing join admits its author. A rotation
/// that was taken, whose author is admitted and was not revoked before it, admits the successor,
/// who inherits name, invite and time of joining. Admission only ever grows while invites and
/// rotations are added, so repeating this until nothing changes gives the same members from any
/// starting order.
///
/// *Endings.* Any member may revoke any identity; a member may hand its own identity on to a key
/// that agrees. Revocations and rotations are taken one at a time: the first whose author is then
/// admitted and had not ended before it, and that ends what has not been ended in the same way yet;
/// admission is then computed anew. So of two members who revoke each other the earlier prevails,
/// an identity has one successor at most, and a rotation after a revocation is void. An ending once
/// taken stays, also if a later one removes its author: that can only happen to an author whose
/// clock ran behind.
///
/// *Revocation follows rotation.* Whoever took over a revoked identity is revoked with it, from the
/// same time on: handing a stolen identity on gains a thief nothing.
///
/// Each round ends or admits at least one more identity, so both end.
final class RosterFold {
  private final Hash meshId;
  private final List<SignedRecord> genesis;
  private final SortedSet<SignedRecord> invites;
  private final SortedSet<SignedRecord> endings;
  private final Map<PublicKey, List<SignedRecord>> joinsByInvite = new HashMap<>();
  private final Map<SignedRecord, Boolean> verified;

  /// Revocations taken, by subject.
  private final Map<NodeId, SignedRecord> revoked = new TreeMap<>();

  /// Rotations taken, by author.
  private final Map<NodeId, SignedRecord> rotated = new TreeMap<>();

  /// By identity the earliest revocation of it or of one that was handed on to it.
  private final Map<NodeId, SignedRecord> revocations = new TreeMap<>();

  /// Members by identity, each with its earliest standing join; rebuilt for each ending.
  private final Map<NodeId, Member> members = new TreeMap<>();

  /// Standing invites with those they admitted; rebuilt likewise.
  private final SortedMap<SignedRecord, Set<NodeId>> admittedBy = new TreeMap<>(Roster.ORDER);

  /// Rotations that admitted their successor; rebuilt likewise.
  private final Set<SignedRecord> succeeded = new TreeSet<>(Roster.ORDER);

  RosterFold(
      Hash meshId,
      List<SignedRecord> genesis,
      SortedSet<SignedRecord> invites,
      SortedSet<SignedRecord> joins,
      SortedSet<SignedRecord> endings,
      Map<SignedRecord, Boolean> verified) {
    this.meshId = meshId;
    this.genesis = genesis;
    this.invites = invites;
    this.endings = endings;
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
    } while (endNext());
    Optional<MeshInfo> mesh = mesh();
    Map<NodeId, Descent.Line> lines =
        mesh.map(it -> Descent.of(it.founder(), admittedBy, succeeded)).orElse(Map.of());
    return new RosterSnapshot(
        meshId, mesh, members(), lines, inviteStates(), latecomers(), revocations());
  }

  private void admit() {
    members.clear();
    admittedBy.clear();
    succeeded.clear();
    for (SignedRecord record : genesis) {
      if (record.body() instanceof Body.Genesis body) {
        offer(
            record.author(),
            body.nodeName(),
            body.publicKey(),
            Optional.empty(),
            record.hlc(),
            Optional.empty());
      }
    }
    boolean grew = true;
    while (grew) {
      grew = inviteMore() | succeedMore();
    }
    while (inherit()) {
      // A join found late may be earlier than the one its successors inherited from.
    }
  }

  private boolean inviteMore() {
    boolean grew = false;
    for (SignedRecord record : invites) {
      if (record.body() instanceof Body.Invite invite
          && !admittedBy.containsKey(record)
          && speaks(record)) {
        admittedBy.put(record, admitBy(record, invite));
        grew = true;
      }
    }
    return grew;
  }

  private Set<NodeId> admitBy(SignedRecord invite, Body.Invite terms) {
    Set<NodeId> admitted = new HashSet<>();
    long issuerRevoked = lineRevokedHlc(invite.author());
    for (SignedRecord record : joinsByInvite.getOrDefault(terms.inviteKey(), List.of())) {
      if (admitted.size() == terms.uses()) {
        break;
      }
      if (HybridClock.millis(record.hlc()) <= terms.expiresAtMillis()
          && record.hlc() <= issuerRevoked
          && record.hlc() <= revokedHlc(record.author())
          && record.body() instanceof Body.Join join
          && admitted.add(record.author())) {
        offer(
            record.author(),
            join.nodeName(),
            join.publicKey(),
            Optional.of(join.inviteKey()),
            record.hlc(),
            Optional.empty());
      }
    }
    return admitted;
  }

  private boolean succeedMore() {
    boolean grew = false;
    for (SignedRecord record : rotated.values()) {
      if (!succeeded.contains(record)
          && members.containsKey(record.author())
          && record.hlc() <= revokedHlc(record.author())) {
        succeeded.add(record);
        handOn(record);
        grew = true;
      }
    }
    return grew;
  }

  private boolean inherit() {
    boolean changed = false;
    for (SignedRecord record : succeeded) {
      changed |= handOn(record);
    }
    return changed;
  }

  private boolean handOn(SignedRecord record) {
    Member old = members.get(record.author());
    return old != null
        && record.body() instanceof Body.Rotate rotate
        && offer(
            rotate.successor().nodeId(),
            old.name(),
            rotate.successor(),
            old.inviteKey(),
            old.joinedHlc(),
            Optional.of(old.id()));
  }

  /// Returns whether this makes a member or a better one: the founder's, or one of an earlier join.
  private boolean offer(
      NodeId id,
      String name,
      PublicKey key,
      Optional<PublicKey> inviteKey,
      long joinedHlc,
      Optional<NodeId> predecessor) {
    Member held = members.get(id);
    boolean better =
        held == null
            || (inviteKey.isEmpty() == held.inviteKey().isEmpty()
                ? joinedHlc < held.joinedHlc()
                : inviteKey.isEmpty());
    if (better) {
      members.put(
          id,
          new Member(
              id,
              name,
              key,
              inviteKey,
              joinedHlc,
              OptionalLong.empty(),
              Optional.empty(),
              predecessor));
    }
    return better;
  }

  /// Takes the first ending that stands, and all after it up to the first that concerns a member.
  private boolean endNext() {
    for (SignedRecord record : endings) {
      if (record.body() instanceof Body.Revoke(NodeId subject, _)
          && !revoked.containsKey(subject)
          && speaks(record)) {
        revoked.put(subject, record);
        spreadRevocations();
        if (members.containsKey(subject) || !rotated.isEmpty()) {
          return true;
        }
      } else if (record.body() instanceof Body.Rotate
          && !rotated.containsKey(record.author())
          && speaks(record)) {
        rotated.put(record.author(), record);
        spreadRevocations();
        return true;
      }
    }
    return false;
  }

  private void spreadRevocations() {
    revoked.forEach((subject, record) -> revocations.merge(subject, record, RosterFold::earlier));
    boolean spread = !revocations.isEmpty();
    while (spread) {
      spread = false;
      for (SignedRecord record : rotated.values()) {
        SignedRecord inherited = revocations.get(record.author());
        if (inherited != null && record.body() instanceof Body.Rotate rotate) {
          NodeId successor = rotate.successor().nodeId();
          SignedRecord held = revocations.get(successor);
          if (held == null || Roster.ORDER.compare(inherited, held) < 0) {
            revocations.put(successor, inherited);
            spread = true;
          }
        }
      }
    }
  }

  private static SignedRecord earlier(SignedRecord a, SignedRecord b) {
    return Roster.ORDER.compare(a, b) <= 0 ? a : b;
  }

  /// Whether its author is admitted, signed it, and had not ended before it.
  private boolean speaks(SignedRecord record) {
    Member author = members.get(record.author());
    return author != null
        && record.hlc() <= revokedHlc(record.author())
        && record.hlc() <= rotatedHlc(record.author())
        && verified.computeIfAbsent(record, it -> it.verifies(author.key()));
  }

  private long revokedHlc(NodeId id) {
    SignedRecord record = revocations.get(id);
    return record == null ? Long.MAX_VALUE : record.hlc();
  }

  private long rotatedHlc(NodeId id) {
    SignedRecord record = rotated.get(id);
    return record == null ? Long.MAX_VALUE : record.hlc();
  }

  /// When this identity or one that follows it was first revoked: what it handed out ends with its
  /// holder.
  private long lineRevokedHlc(NodeId id) {
    long first = Long.MAX_VALUE;
    Set<NodeId> seen = new HashSet<>();
    Optional<NodeId> at = Optional.of(id);
    while (at.isPresent() && seen.add(at.get())) {
      first = Math.min(first, revokedHlc(at.get()));
      at = Optional.ofNullable(rotated.get(at.get())).flatMap(RosterFold::successor);
    }
    return first;
  }

  private static Optional<NodeId> successor(SignedRecord record) {
    return record.body() instanceof Body.Rotate rotate
        ? Optional.of(rotate.successor().nodeId())
        : Optional.empty();
  }

  private static OptionalLong optional(long hlc) {
    return hlc == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(hlc);
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
            new Member(
                id,
                it.name(),
                it.key(),
                it.inviteKey(),
                it.joinedHlc(),
                optional(revokedHlc(id)),
                rotation(id),
                it.predecessor())));
    return marked;
  }

  private Optional<Rotation> rotation(NodeId id) {
    return Optional.ofNullable(rotated.get(id))
        .filter(succeeded::contains)
        .flatMap(
            record -> successor(record).map(it -> new Rotation(it, record.hlc(), record.hash())));
  }

  private Map<NodeId, Revocation> revocations() {
    Map<NodeId, Revocation> all = new TreeMap<>();
    revocations.forEach((id, record) -> {
      if (record.body() instanceof Body.Revoke(NodeId subject, String reason)) {
        all.put(id, new Revocation(subject, record.author(), reason, record.hlc(), record.hash()));
      }
    });
    return all;
  }

  /// Who joined by an invite that had admitted all it may, and is no member otherwise.
  private Set<NodeId> latecomers() {
    Set<NodeId> late = new HashSet<>();
    admittedBy.forEach((record, admitted) -> {
      if (record.body() instanceof Body.Invite terms && admitted.size() == terms.uses()) {
        for (SignedRecord join : joinsByInvite.getOrDefault(terms.inviteKey(), List.of())) {
          late.add(join.author());
        }
      }
    });
    late.removeAll(members.keySet());
    return late;
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
                optional(lineRevokedHlc(record.author()))));
      }
    }
    return states;
  }
}
