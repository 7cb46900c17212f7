package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Through which invites each member came, from one of the founder's down, and who issued them.
///
/// Of several ways that lead to a member the shortest is taken, and of those the one whose last
/// invite is the first in [Roster#ORDER]: who joins once more by an invite of its own stays where
/// it was. A rotation hands the line on and adds nothing to it.
///
/// Each invite and each rotation is looked at once.
final class Descent {
  /// Invites of a line that are told, the founder's first; who came through more is told by these.
  /// So a chain of many invites takes no more memory than as many members side by side.
  static final int MOST = 8;

  private final Map<NodeId, List<SignedRecord>> invites = new HashMap<>();
  private final Map<NodeId, NodeId> successors = new HashMap<>();
  private final Map<SignedRecord, Set<NodeId>> admittedBy;
  private final Map<NodeId, Line> lines = new TreeMap<>();

  /// How a member came: invites, and who issued each, the founder's first; as many of one as of the
  /// other, [#MOST] at most.
  ///
  /// @param invites their keys
  /// @param issuers as [RosterSnapshot#current] has them now
  record Line(List<PublicKey> invites, List<NodeId> issuers) {
    /// The founder's.
    static final Line NONE = new Line(List.of(), List.of());

    Line {
      invites = List.copyOf(invites);
      issuers = List.copyOf(issuers);
    }

    Line with(PublicKey invite, NodeId issuer) {
      if (invites.size() == MOST) {
        return this;
      }
      List<PublicKey> moreInvites = new ArrayList<>(invites);
      List<NodeId> moreIssuers = new ArrayList<>(issuers);
      moreInvites.add(invite);
      moreIssuers.add(issuer);
      return new Line(moreInvites, moreIssuers);
    }
  }

  private Descent(
      SortedMap<SignedRecord, Set<NodeId>> admittedBy, Collection<SignedRecord> rotations) {
    this.admittedBy = admittedBy;
    for (SignedRecord invite : admittedBy.keySet()) {
      invites.computeIfAbsent(invite.author(), _ -> new ArrayList<>()).add(invite);
    }
    for (SignedRecord record : rotations) {
      if (record.body() instanceof Body.Rotate rotate) {
        successors.put(record.author(), rotate.successor().nodeId());
      }
    }
  }

  /// Each member's line.
  ///
  /// @param admittedBy standing invites with those they admitted, in the order of invites
  /// @param rotations those that admitted their successor, at most one of an author
  static Map<NodeId, Line> of(
      NodeId founder,
      SortedMap<SignedRecord, Set<NodeId>> admittedBy,
      Collection<SignedRecord> rotations) {
    Descent descent = new Descent(admittedBy, rotations);
    Map<NodeId, Line> reached = Map.of(founder, Line.NONE);
    while (!reached.isEmpty()) {
      reached = descent.below(descent.settle(reached));
    }
    return descent.lines;
  }

  /// Notes the lines of those just reached, and of whoever took them over.
  ///
  /// @return their invites
  private Set<SignedRecord> settle(Map<NodeId, Line> reached) {
    Set<SignedRecord> issued = new TreeSet<>(Roster.ORDER);
    lines.putAll(reached);
    reached.forEach((id, line) -> {
      issued.addAll(invites.getOrDefault(id, List.of()));
      NodeId next = successors.get(id);
      while (next != null && lines.putIfAbsent(next, line) == null) {
        issued.addAll(invites.getOrDefault(next, List.of()));
        next = successors.get(next);
      }
    });
    return issued;
  }

  /// Whom these invites let in and nobody nearer the founder did.
  private Map<NodeId, Line> below(Set<SignedRecord> issued) {
    Map<NodeId, Line> reached = new TreeMap<>();
    for (SignedRecord record : issued) {
      if (record.body() instanceof Body.Invite invite) {
        Line line =
            lines
                .getOrDefault(record.author(), Line.NONE)
                .with(invite.inviteKey(), holder(record.author()));
        for (NodeId node : admittedBy.getOrDefault(record, Set.of())) {
          if (!lines.containsKey(node)) {
            reached.putIfAbsent(node, line);
          }
        }
      }
    }
    return reached;
  }

  private NodeId holder(NodeId id) {
    Set<NodeId> seen = new HashSet<>();
    NodeId at = id;
    NodeId next = successors.get(at);
    while (next != null && seen.add(at)) {
      at = next;
      next = successors.get(at);
    }
    return at;
  }
}
