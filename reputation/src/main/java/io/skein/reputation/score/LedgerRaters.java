package io.skein.reputation.score;

import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// The members of a ledger's roster as raters. Immutable.
///
/// A successor counts under its invites and with its age like the identity it took over, which has
/// ended and is silent: a rotation adds no voice. What was said of the old identity, and by it,
/// does not pass on: a successor is rated anew.
///
/// @param roster who is admitted
/// @param forked authors that signed two histories
/// @param windowMillis length of a window, from genesis
public record LedgerRaters(RosterSnapshot roster, Set<NodeId> forked, long windowMillis)
    implements Raters {
  public LedgerRaters {
    forked = Set.copyOf(forked);
  }

  @Override
  public Optional<Standing> standing(NodeId node) {
    return roster.member(node).map(this::standing);
  }

  @Override
  public Collection<NodeId> members() {
    return roster.members().stream().map(Member::id).toList();
  }

  private Standing standing(Member member) {
    return new Standing(
        roster.cameThrough(member.id()),
        roster.cameBy(member.id()),
        HybridClock.millis(member.joinedHlc()) / windowMillis,
        hasForked(member),
        !member.active());
  }

  /// Also who took over the identity of a cheat is one.
  private boolean hasForked(Member member) {
    return member.predecessor().isEmpty()
        ? forked.contains(member.id())
        : roster.line(member.id()).stream().anyMatch(it -> forked.contains(it.id()));
  }
}
