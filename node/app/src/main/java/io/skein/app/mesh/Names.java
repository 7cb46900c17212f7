package io.skein.app.mesh;

import io.skein.app.rumor.Who;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.Roster;
import io.skein.ledger.key.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The names of nodes, which people use, and the ids behind them. Confined to the mesh thread.
final class Names {
  private final NodeId self;
  private final Introduction introduction;
  private final Function<NodeId, Optional<Who>> heard;
  private final Roster roster;

  /// @param introduction what this node calls itself
  /// @param heard what a peer says of itself
  Names(
      NodeId self,
      Introduction introduction,
      Function<NodeId, Optional<Who>> heard,
      Roster roster) {
    this.self = self;
    this.introduction = introduction;
    this.heard = heard;
    this.roster = roster;
  }

  /// What a node calls itself now, or else what it was called when it joined, or else its id.
  String of(NodeId node) {
    return node.equals(self)
        ? introduction.who().name()
        : heard
            .apply(node)
            .map(Who::name)
            .or(() -> roster.member(node).map(Member::name))
            .orElse(node.toString());
  }

  /// The name of a node given by its id in text form; the text itself if it is none.
  String ofText(String id) {
    try {
      return of(NodeId.parse(id));
    } catch (IllegalArgumentException e) {
      return id;
    }
  }

  /// The member of that id or, if it is the only one of that name, of that name; for one that was
  /// handed on, whoever holds it now.
  Optional<NodeId> find(String idOrName) {
    List<NodeId> found = findAll(idOrName);
    return found.size() == 1
        ? Optional.of(roster.snapshot().current(found.getFirst()))
        : Optional.empty();
  }

  /// The member of that id, or else those of that name that have not ended, or else those that
  /// have.
  List<NodeId> findAll(String idOrName) {
    List<Member> members = roster.members();
    for (Member member : members) {
      if (member.id().toString().equals(idOrName)) {
        return List.of(member.id());
      }
    }
    List<Member> named = members.stream().filter(it -> it.name().equals(idOrName)).toList();
    List<NodeId> active = named.stream().filter(Member::active).map(Member::id).toList();
    return active.isEmpty()
        ? named.stream().filter(it -> it.rotation().isEmpty()).map(Member::id).toList()
        : active;
  }
}
