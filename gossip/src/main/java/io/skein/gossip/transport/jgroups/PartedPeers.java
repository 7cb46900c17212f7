package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.Parted;
import io.skein.gossip.transport.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jgroups.Address;
import org.jgroups.ViewId;

/// Remembers who tells of itself and is not in this node's view, and since when without a pause.
///
/// Every member tells those that it finds of its view, and whoever asks it from outside of that
/// view. So a member that can be reached and stays out of the view is heard of with each search of
/// either side; one that has been silent for three of them is forgotten, as is one that comes into
/// the view. A member of the same node's earlier life is another one.
///
/// Thread-safe; at most [#MOST] members are remembered, and of others nothing.
final class PartedPeers {
  static final int MOST = 256;

  private static final int SEARCHES = 3;

  private final long pauseNanos;
  private final LongSupplier nanoClock;
  private final Map<Address, Heard> heard = new HashMap<>();
  private Set<Address> inView = Set.of();

  private record Heard(long firstNanos, long lastNanos, ViewId view) {}

  /// @param pause what is longer than this between two words of a member is a pause
  /// @param nanoClock monotonic
  PartedPeers(Duration pause, LongSupplier nanoClock) {
    this.pauseNanos = pause.toNanos();
    this.nanoClock = nanoClock;
  }

  /// What three searches take at most. JGroups draws the time to the next one from the whole of the
  /// longest pause and adds a half.
  static Duration pause(JGroupsTimers timers) {
    // Duration itself would calculate with exact decimals, which a start does without
    return Duration.ofMillis(timers.mergeMost().toMillis() * SEARCHES * 3 / 2);
  }

  /// These are in the view from now on, this node among them.
  synchronized void view(Collection<Address> members) {
    inView = Set.copyOf(members);
    heard.keySet().removeAll(inView);
  }

  /// A member said which view it has. Of what is said before the first view nothing is kept.
  synchronized void heard(Address member, ViewId view) {
    long nowNanos = nanoClock.getAsLong();
    forgetSilent(nowNanos);
    if (inView.isEmpty()
        || inView.contains(member)
        || (heard.size() >= MOST && !heard.containsKey(member))) {
      return;
    }
    heard.merge(
        member,
        new Heard(nowNanos, nowNanos, view),
        (known, now) -> new Heard(known.firstNanos(), now.lastNanos(), now.view()));
  }

  private void forgetSilent(long nowNanos) {
    heard.values().removeIf(each -> nowNanos - each.lastNanos() > pauseNanos);
  }

  /// Who is heard of now. Members without an identity are nobody.
  synchronized Parted now() {
    long nowNanos = nanoClock.getAsLong();
    forgetSilent(nowNanos);
    SortedMap<PeerId, Duration> peers = new TreeMap<>();
    Map<ViewId, Integer> tellers = new HashMap<>();
    heard.forEach((member, each) ->
        PeerAddress.peer(member)
            .ifPresent(peer -> {
              Duration since = Duration.ofNanos(nowNanos - each.firstNanos());
              peers.merge(peer, since, (one, other) -> one.compareTo(other) >= 0 ? one : other);
              tellers.merge(each.view(), 1, Integer::sum);
            }));
    SortedSet<PeerId> members = new TreeSet<>();
    inView.forEach(member -> PeerAddress.peer(member).ifPresent(members::add));
    int largest = tellers.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return new Parted(members, peers, largest);
  }
}
