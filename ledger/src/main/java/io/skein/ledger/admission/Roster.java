package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Who belongs to the mesh, as a function of the **set** of identity records: in whatever order and
/// however often they are applied, the same set gives the same roster. [RosterFold] says by which
/// rules.
///
/// Signatures are checked here, so that records may be applied as they come; a record that is not
/// of this mesh or whose signature is wrong changes nothing. Folding is done at the first question
/// after a change and looks at identity records only, of which there are few.
///
/// One thread at a time; other threads read a [#snapshot].
public final class Roster {
  /// By hybrid clock, then author; the rest only makes the order total.
  static final Comparator<SignedRecord> ORDER = Roster::compare;

  private final Hash meshId;
  private final List<SignedRecord> genesis = new ArrayList<>(1);
  private final SortedSet<SignedRecord> invites = new TreeSet<>(ORDER);
  private final SortedSet<SignedRecord> joins = new TreeSet<>(ORDER);
  private final SortedSet<SignedRecord> endings = new TreeSet<>(ORDER);

  /// By successor the first rotation to it that proves itself, whether or not it stands.
  private final Map<NodeId, SignedRecord> rotations = new HashMap<>();

  /// Results of signature checks, kept from fold to fold: an identity has one key for good.
  private final Map<SignedRecord, Boolean> verified = new HashMap<>();

  private Optional<RosterSnapshot> current = Optional.empty();

  private static int compare(SignedRecord one, SignedRecord other) {
    int order = Long.compare(one.hlc(), other.hlc());
    if (order == 0) {
      order = one.author().compareTo(other.author());
    }
    if (order == 0) {
      order = one.hash().compareTo(other.hash());
    }
    return order == 0 ? Arrays.compareUnsigned(one.signature(), other.signature()) : order;
  }

  /// The roster of a mesh, without records.
  public Roster(Hash meshId) {
    this.meshId = meshId;
  }

  /// Adds a record to the set. Records that don't bear on identity are ignored, also `epoch`: it
  /// neither admits nor ends anyone.
  public void apply(SignedRecord record) {
    if (!record.isOf(meshId) || !(record.body() instanceof Body.Membership body)) {
      return;
    }
    boolean added =
        switch (body) {
          case Body.Genesis founding ->
              genesis.isEmpty() && record.verifies(founding.publicKey()) && genesis.add(record);
          case Body.Join join -> !joins.contains(record) && admissible(record, join);
          // Their authors' keys are known only once these are admitted: the fold checks.
          case Body.Invite _ -> invites.add(record);
          case Body.Revoke _ -> endings.add(record);
          case Body.Rotate rotate -> !endings.contains(record) && admissible(record, rotate);
        };
    if (added) {
      current = Optional.empty();
    }
  }

  private boolean admissible(SignedRecord record, Body.Join join) {
    return record.verifies(join.publicKey())
        && JoinProof.verifies(join.inviteKey(), meshId, join.publicKey(), join.proof())
        && joins.add(record);
  }

  /// Empties the set: records that were applied no longer count.
  public void clear() {
    genesis.clear();
    invites.clear();
    joins.clear();
    endings.clear();
    rotations.clear();
    current = Optional.empty();
  }

  private boolean admissible(SignedRecord record, Body.Rotate rotate) {
    NodeId successor = rotate.successor().nodeId();
    if (successor.equals(record.author())
        || !RotationProof.verifies(rotate.successor(), meshId, record.author(), rotate.proof())) {
      return false;
    }
    rotations.merge(successor, record, (a, b) -> ORDER.compare(a, b) <= 0 ? a : b);
    return endings.add(record);
  }

  /// The first rotation to `successor` that it agreed to; whether its author signed it and it
  /// stands, the fold says. For a node to find its own.
  public Optional<SignedRecord> rotationTo(NodeId successor) {
    return Optional.ofNullable(rotations.get(successor));
  }

  /// The roster as it is now: immutable, for any thread.
  public RosterSnapshot snapshot() {
    RosterSnapshot snapshot =
        current.orElseGet(
            () -> new RosterFold(meshId, genesis, invites, joins, endings, verified).fold());
    current = Optional.of(snapshot);
    return snapshot;
  }

  /// The mesh, once its genesis is known.
  public Optional<MeshInfo> mesh() {
    return snapshot().mesh();
  }

  /// A member, ended ones included.
  public Optional<Member> member(NodeId id) {
    return snapshot().member(id);
  }

  /// All members in order of identity, ended ones included.
  public List<Member> members() {
    return snapshot().members();
  }

  /// A member's key, ended ones included: their old records still verify.
  public Optional<PublicKey> keyOf(NodeId id) {
    return snapshot().keyOf(id);
  }

  /// Invites that members issued, in order of issue.
  public List<InviteState> invites() {
    return snapshot().invites();
  }

  /// Whether a node may connect at `nowMillis`.
  public Verdict check(Credential credential, long nowMillis) {
    return snapshot().check(credential, nowMillis);
  }
}
