package io.skein.gossip.membership;

import io.skein.gossip.transport.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Folds views and sightings into one table of members. This node itself is not in it.
///
/// | from | in view | silent | heard | gone from view |
/// | --- | --- | --- | --- | --- |
/// | none | alive | | | |
/// | alive | | suspect | | left if it had announced so, else dead |
/// | suspect | | | alive | left if it had announced so, else dead |
/// | dead, left | alive | | | |
///
/// Views alone bring members in and out; a sighting of one that is out of view is a late message
/// and changes nothing. Confined to one thread.
public final class Membership {
  private final PeerId self;
  private final MembershipConfig config;
  private final TreeMap<PeerId, Member> members = new TreeMap<>();

  /// An empty table for the node `self`.
  public Membership(PeerId self, MembershipConfig config) {
    this.self = self;
    this.config = config;
  }

  /// The transport reaches exactly these peers now.
  public List<MemberChange> view(Set<PeerId> reachable, long nowNanos) {
    List<MemberChange> changes = new ArrayList<>();
    for (Member member : List.copyOf(members.values())) {
      if (isPresent(member) && !reachable.contains(member.peer())) {
        MemberState next = member.leaving() ? MemberState.LEFT : MemberState.DEAD;
        become(member, next, member.leaving(), member.lastSeenNanos(), nowNanos, changes);
      }
    }
    for (PeerId peer : reachable.stream().sorted().toList()) {
      Member member = members.get(peer);
      if (peer.equals(self) || (member != null && isPresent(member))) {
        continue;
      }
      if (member != null) {
        become(member, MemberState.ALIVE, false, nowNanos, nowNanos, changes);
      } else if (makeRoom()) {
        Member come = new Member(peer, MemberState.ALIVE, false, nowNanos, nowNanos);
        members.put(peer, come);
        changes.add(new MemberChange(Optional.empty(), come));
      }
    }
    return changes;
  }

  /// Something was heard from `peer` itself.
  public List<MemberChange> sighting(PeerId peer, long nowNanos) {
    List<MemberChange> changes = new ArrayList<>();
    Member member = members.get(peer);
    if (member != null && isPresent(member)) {
      become(member, MemberState.ALIVE, member.leaving(), nowNanos, nowNanos, changes);
    }
    return changes;
  }

  /// `peer` announced that it goes; its next disappearance is no failure.
  public void leaving(PeerId peer, long nowNanos) {
    Member member = members.get(peer);
    if (member != null && isPresent(member)) {
      become(member, member.state(), true, nowNanos, nowNanos, new ArrayList<>());
    }
  }

  /// Notices silence and forgets members long gone. Meant for every 200 ms.
  public List<MemberChange> tick(long nowNanos) {
    return tick(nowNanos, 1);
  }

  /// As [#tick(long)], for a node that has reason to doubt its own senses.
  ///
  /// @param patience by how much to multiply the time after which silence is suspicious, 1 or more
  ///   (Lifeguard's local health multiplier: Dadgar, Phillips, Currey 2018, §IV-A)
  public List<MemberChange> tick(long nowNanos, int patience) {
    List<MemberChange> changes = new ArrayList<>();
    for (Member member : List.copyOf(members.values())) {
      long silentNanos = nowNanos - member.lastSeenNanos();
      if (member.state() == MemberState.ALIVE
          && silentNanos > config.suspectAfter().toNanos() * patience) {
        become(
            member,
            MemberState.SUSPECT,
            member.leaving(),
            member.lastSeenNanos(),
            nowNanos,
            changes);
      }
    }
    members
        .values()
        .removeIf(m -> !isPresent(m) && nowNanos - m.sinceNanos() > config.forgetAfter().toNanos());
    return changes;
  }

  private void become(
      Member member,
      MemberState state,
      boolean leaving,
      long seenNanos,
      long nowNanos,
      List<MemberChange> changes) {
    boolean changed = state != member.state();
    long sinceNanos = changed ? nowNanos : member.sinceNanos();
    Member next = new Member(member.peer(), state, leaving, seenNanos, sinceNanos);
    members.put(member.peer(), next);
    if (changed) {
      changes.add(new MemberChange(Optional.of(member.state()), next));
    }
  }

  private boolean makeRoom() {
    if (members.size() < config.maxMembers()) {
      return true;
    }
    Optional<Member> gone =
        members.values().stream()
            .filter(member -> !isPresent(member))
            .min(Comparator.comparingLong(Member::sinceNanos));
    gone.ifPresent(member -> members.remove(member.peer()));
    return gone.isPresent();
  }

  private static boolean isPresent(Member member) {
    return switch (member.state()) {
      case ALIVE, SUSPECT -> true;
      case DEAD, LEFT -> false;
    };
  }

  /// Every member, by identity.
  public List<Member> members() {
    return List.copyOf(members.values());
  }

  /// The row of one peer.
  public Optional<Member> member(PeerId peer) {
    return Optional.ofNullable(members.get(peer));
  }
}
