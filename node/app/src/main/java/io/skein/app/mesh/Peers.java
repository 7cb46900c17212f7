package io.skein.app.mesh;

import io.skein.app.rumor.CookieKey;
import io.skein.app.rumor.Forecasts;
import io.skein.app.rumor.Headroom;
import io.skein.app.rumor.Load;
import io.skein.app.rumor.Pheromone;
import io.skein.app.rumor.Roots;
import io.skein.app.rumor.Rumor;
import io.skein.app.rumor.Serves;
import io.skein.app.rumor.Shadows;
import io.skein.app.rumor.SignedPulse;
import io.skein.app.rumor.Trials;
import io.skein.app.rumor.Truth;
import io.skein.app.rumor.Uses;
import io.skein.app.rumor.WallClock;
import io.skein.app.rumor.Who;
import io.skein.gossip.coordinate.Coordinate;
import io.skein.gossip.coordinate.Vivaldi;
import io.skein.gossip.membership.Member;
import io.skein.gossip.membership.MemberChange;
import io.skein.gossip.membership.MemberState;
import io.skein.gossip.membership.Membership;
import io.skein.gossip.membership.MembershipConfig;
import io.skein.gossip.state.StateConfig;
import io.skein.gossip.state.StateEntry;
import io.skein.gossip.state.StateExchange;
import io.skein.gossip.state.StateListener;
import io.skein.gossip.state.StateOutbox;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What this node knows of its peers: who is there, what they say of themselves, how far they are.
/// Confined to the mesh thread.
final class Peers {
  private static final String COORDINATE = "coordinate";
  private static final double RTT_KEEP = 0.8;
  // A node that has found its place moves by little at each answer.
  private static final double SETTLED = 0.3;
  private static final Duration COORDINATE_PAUSE = Duration.ofSeconds(1);
  // Three signs of life: each node greets all others once a second.
  private static final Duration SUSPECT_AFTER = Duration.ofMillis(3_200);
  // One digest a tick: a rumor crosses a cell of 64 in about a second, at half the cost of two.
  private static final StateConfig GENTLE =
      new StateConfig(1, 64 << 10, 1_024, Duration.ofMinutes(10));
  private static final Duration FORGET_AFTER = Duration.ofHours(1);
  private static final int MAX_MEMBERS = 1_024;

  private final NodeId self;
  private final Membership membership;
  private final StateExchange exchange;
  private final Vivaldi vivaldi;
  private final Map<NodeId, Long> rttNanos = new HashMap<>();
  private final Consumer<List<MemberChange>> onChange;
  private final BiConsumer<NodeId, String> onRumor;
  private final Sayings<Who> who = new Sayings<>(Who.KEY, Who::decode);
  private final Sayings<Serves> serves = new Sayings<>(Serves.KEY, Serves::decode);
  private final Sayings<Truth> truths = new Sayings<>(Truth.KEY, Truth::decode);
  private final Sayings<SignedPulse> pulses = new Sayings<>(SignedPulse.KEY, SignedPulse::decode);
  private final Sayings<Shadows> shadows = new Sayings<>(Shadows.KEY, Shadows::decode);
  private Set<NodeId> reachable = Set.of();
  private Coordinate told = Coordinate.origin();
  private long toldNanos;

  /// What is known of one peer.
  ///
  /// @param id who
  /// @param member its row in the membership table
  /// @param who what it says of itself; empty until it said so
  record Peer(NodeId id, Member member, Optional<Who> who) {
    boolean alive() {
      return member.state() == MemberState.ALIVE;
    }

    boolean present() {
      return switch (member.state()) {
        case ALIVE, SUSPECT -> true;
        case DEAD, LEFT -> false;
      };
    }

    String name() {
      return who.map(Who::name).orElse(id.toString());
    }
  }

  /// @param incarnation start of this process in Unix milliseconds
  /// @param onChange hears of members that come, go or fall silent
  /// @param onRumor hears whose rumor is new, and its key
  Peers(
      NodeId self,
      long incarnation,
      StateOutbox outbox,
      RandomGenerator random,
      Consumer<List<MemberChange>> onChange,
      BiConsumer<NodeId, String> onRumor) {
    this.self = self;
    this.onChange = onChange;
    this.onRumor = onRumor;
    this.vivaldi = new Vivaldi(random);
    this.membership =
        new Membership(
            peerId(self), new MembershipConfig(SUSPECT_AFTER, FORGET_AFTER, MAX_MEMBERS));
    this.exchange =
        new StateExchange(peerId(self), incarnation, outbox, new Hearing(), random, GENTLE);
  }

  static PeerId peerId(NodeId node) {
    return new PeerId(node.high(), node.low());
  }

  static NodeId nodeId(PeerId peer) {
    return new NodeId(peer.high(), peer.low());
  }

  private final class Hearing implements StateListener {
    @Override
    public void changed(PeerId owner, String key, StateEntry entry) {
      onRumor.accept(nodeId(owner), key);
    }

    @Override
    public void roundTrip(PeerId peer, long measuredNanos, long nowNanos) {
      rttNanos.merge(
          nodeId(peer),
          measuredNanos,
          (old, now) -> (long) (old * RTT_KEEP + now * (1 - RTT_KEEP)));
      exchange
          .entry(peer, COORDINATE)
          .flatMap(entry -> Coordinate.decode(entry.value()))
          .ifPresent(remote -> vivaldi.observe(peer, remote, measuredNanos));
    }
  }

  /// The transport reaches exactly these.
  void view(SortedSet<PeerId> peers, long nowNanos) {
    Set<NodeId> now = new TreeSet<>();
    peers.forEach(peer -> now.add(nodeId(peer)));
    reachable = Set.copyOf(now);
    exchange.peers(peers);
    vivaldi.retain(peers);
    report(membership.view(peers, nowNanos));
  }

  /// A state-exchange message came. Returns whether it was one.
  boolean receive(PeerId from, byte[] message, long nowNanos) {
    long before = exchange.counters().malformed();
    exchange.receive(from, message, nowNanos);
    return exchange.counters().malformed() == before;
  }

  /// Anything came from `peer`.
  void sighted(PeerId peer, long nowNanos) {
    report(membership.sighting(peer, nowNanos));
  }

  /// `peer` says goodbye.
  void leaving(PeerId peer, long nowNanos) {
    membership.leaving(peer, nowNanos);
  }

  /// @param patience by how much to multiply the time after which a silent peer is suspected
  void tick(long nowNanos, int patience) {
    Coordinate now = vivaldi.coordinate();
    boolean settled = now.error() < SETTLED;
    if (!now.equals(told) && (!settled || nowNanos - toldNanos >= COORDINATE_PAUSE.toNanos())) {
      exchange.put(COORDINATE, now.encode(), nowNanos);
      told = now;
      toldNanos = nowNanos;
    }
    exchange.tick(nowNanos);
    report(membership.tick(nowNanos, patience));
  }

  private void report(List<MemberChange> changes) {
    if (!changes.isEmpty()) {
      onChange.accept(changes);
    }
  }

  /// Tells the mesh something about this node.
  void tell(Rumor rumor, long nowNanos) {
    exchange.put(rumor.key(), rumor.encode(), nowNanos);
  }

  /// As [#tell], but nothing if that was said already. Not for what is believed for a time only.
  void tellNews(Rumor rumor, long nowNanos) {
    byte[] value = rumor.encode();
    boolean same =
        exchange
            .entry(peerId(self), rumor.key())
            .filter(entry -> Arrays.equals(entry.value(), value))
            .isPresent();
    if (!same) {
      exchange.put(rumor.key(), value, nowNanos);
    }
  }

  /// As [#tell], at once.
  void tellUrgently(Rumor rumor, long nowNanos) {
    exchange.putUrgent(rumor.key(), rumor.encode(), nowNanos);
  }

  /// Peers that the transport reaches.
  Set<NodeId> reachable() {
    return reachable;
  }

  /// Whether a peer is in view and not suspected.
  boolean hears(NodeId peer) {
    return reachable.contains(peer)
        && membership
            .member(peerId(peer))
            .filter(member -> member.state() == MemberState.ALIVE)
            .isPresent();
  }

  /// Every peer of the table, by identity.
  List<Peer> all() {
    List<Peer> peers = new ArrayList<>();
    for (Member member : membership.members()) {
      NodeId id = nodeId(member.peer());
      peers.add(new Peer(id, member, who(id)));
    }
    return peers;
  }

  Optional<Who> who(NodeId node) {
    return who.of(exchange, node);
  }

  Optional<Load> load(NodeId node) {
    return value(node, Load.KEY).flatMap(Load::decode);
  }

  Optional<Forecasts> forecasts(NodeId node) {
    return value(node, Forecasts.KEY).flatMap(Forecasts::decode);
  }

  Optional<Serves> serves(NodeId node) {
    return serves.of(exchange, node);
  }

  Optional<Headroom> headroom(NodeId node) {
    return value(node, Headroom.KEY).flatMap(Headroom::decode);
  }

  /// The key by which a peer signs its clients' cookies.
  Optional<CookieKey> cookieKey(NodeId node) {
    return value(node, CookieKey.KEY).flatMap(CookieKey::decode);
  }

  /// What a peer has in flight, if that is no older than `mostNanos`.
  Optional<Truth> truth(NodeId node, long mostNanos, long nowNanos) {
    return exchange
        .entry(peerId(node), Truth.KEY)
        .filter(entry -> entry.ageNanos(nowNanos) <= mostNanos)
        .flatMap(_ -> truths.of(exchange, node));
  }

  /// How long ago a peer said what it has in flight; 0 if it never did.
  long truthAgeNanos(NodeId node, long nowNanos) {
    return exchange
        .entry(peerId(node), Truth.KEY)
        .map(entry -> entry.ageNanos(nowNanos))
        .orElse(0L);
  }

  Optional<Pheromone> pheromone(NodeId node) {
    return value(node, Pheromone.KEY).flatMap(Pheromone::decode);
  }

  Optional<Uses> uses(NodeId node) {
    return value(node, Uses.KEY).flatMap(Uses::decode);
  }

  /// What a peer found out in experiments.
  Optional<Trials> trials(NodeId node) {
    return value(node, Trials.KEY).flatMap(Trials::decode);
  }

  Optional<Shadows> shadows(NodeId node) {
    return shadows.of(exchange, node);
  }

  Optional<Roots> roots(NodeId node) {
    return value(node, Roots.KEY).flatMap(Roots::decode);
  }

  /// What a peer said last of how it is; whose word it is does not show before it is verified.
  Optional<Pulses.Heard> pulse(NodeId node) {
    return exchange
        .entry(peerId(node), SignedPulse.KEY)
        .flatMap(entry ->
            pulses.of(exchange, node).map(said -> new Pulses.Heard(said, entry.receivedNanos())));
  }

  /// What a node said of its wall clock, and when that was heard.
  record Clock(WallClock said, long atNanos) {}

  /// What a peer said last of its wall clock; whose word it is does not show before it is verified.
  Optional<Clock> clock(NodeId node) {
    return exchange
        .entry(peerId(node), WallClock.KEY)
        .flatMap(entry ->
            WallClock.decode(entry.value()).map(said -> new Clock(said, entry.receivedNanos())));
  }

  /// Age of what is known of the node's load.
  OptionalLong ageNanos(NodeId node, long nowNanos) {
    return exchange
        .entry(peerId(node), Load.KEY)
        .map(entry -> OptionalLong.of(entry.ageNanos(nowNanos)))
        .orElse(OptionalLong.empty());
  }

  private Optional<byte[]> value(NodeId node, String key) {
    return exchange.entry(peerId(node), key).map(StateEntry::value);
  }

  /// The measured round trip to a peer.
  OptionalLong measuredRttNanos(NodeId node) {
    Long measured = rttNanos.get(node);
    return measured == null ? OptionalLong.empty() : OptionalLong.of(measured);
  }

  /// The round trip between two nodes as their coordinates have it.
  OptionalLong estimatedRttNanos(NodeId from, NodeId to) {
    Optional<Coordinate> one = coordinate(from);
    Optional<Coordinate> other = coordinate(to);
    return one.isPresent() && other.isPresent()
        ? OptionalLong.of((long) (one.get().distanceSeconds(other.get()) * 1e9))
        : OptionalLong.empty();
  }

  /// The measured round trip, or else the estimated one, or else 0.
  long distanceNanos(NodeId node) {
    return measuredRttNanos(node).orElseGet(() -> estimatedRttNanos(self, node).orElse(0));
  }

  private Optional<Coordinate> coordinate(NodeId node) {
    return node.equals(self)
        ? Optional.of(vivaldi.coordinate())
        : value(node, COORDINATE).flatMap(Coordinate::decode);
  }
}
