package io.skein.app.mesh;

import io.skein.ledger.admission.Revocation;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.admission.Rotation;
import io.skein.ledger.key.NodeId;
import java.util.Optional;

/// How this node stands in its own ledger.
sealed interface Standing {
  /// Admitted, or on its way to it.
  record Current() implements Standing {}

  /// Handed on: this process goes on balancing, and the next start is the successor.
  record Rotated(NodeId successor) implements Standing {}

  /// Revoked.
  ///
  /// @param sentence by whom, when and why
  record Revoked(String sentence) implements Standing {}

  /// Joined by an invite that, as it turned out, others had used up before.
  record NotAdmitted() implements Standing {}

  static Standing of(RosterSnapshot roster, NodeId self) {
    Optional<Revocation> revocation = roster.revocation(self);
    if (revocation.isPresent()) {
      return new Revoked(RevokedWords.of(roster, self, revocation.get()));
    }
    if (roster.latecomers().contains(self)) {
      return new NotAdmitted();
    }
    Optional<Rotation> rotation = roster.member(self).flatMap(member -> member.rotation());
    return rotation.isPresent() ? new Rotated(roster.current(self)) : new Current();
  }

  /// Whether the node may take its part in the mesh.
  default boolean serves() {
    return switch (this) {
      case Current _, Rotated _ -> true;
      case Revoked _, NotAdmitted _ -> false;
    };
  }

  /// What an operator is told.
  default String detail() {
    return switch (this) {
      case Current _ -> "in force";
      case Rotated(NodeId successor) ->
          "rotated to "
              + successor
              + ": takes effect on restart; until then this process balances and writes no records";
      case Revoked(String sentence) ->
          "revoked: "
              + sentence
              + ". It is cut off from the mesh, writes no records, and serves its listeners from what"
              + " it knew; stop it";
      case NotAdmitted _ ->
          "not admitted: others had joined before by the same invite, on another side of a split,"
              + " and it admits no more. It is cut off from the mesh, writes no records, and serves"
              + " its listeners from what it knew; stop it, and join with an empty data directory"
              + " and a new token";
    };
  }
}
