package io.skein.gossip.sim;

import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/// A whole network in one thread and in virtual time.
///
/// Everything that happens is an event in one queue, ordered by time and then by the order in which
/// it was put there; all chance comes from one seed. So the same seed and the same calls give the
/// same run, which [#traceHash] lets a test assert.
///
/// A node reaches another when both live and no cut lies between them in either direction. When
/// that changes, each node learns it after the detection time of the cause, if it still holds then.
/// Messages need only their own direction and the receiver's being the life they were meant for.
///
/// Confined to one thread.
public final class SimNetwork {
  private record Event(long atNanos, long number, Runnable action) {}

  private record Link(PeerId from, PeerId to) {}

  private final SimNetworkConfig config;
  private final SplittableRandom random;
  private final SimTrace trace = new SimTrace();
  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
  private final TreeMap<PeerId, SimTransport> nodes = new TreeMap<>();
  private final Set<Link> cuts = new HashSet<>();
  private Map<PeerId, Set<PeerId>> reached = new TreeMap<>();
  private final Map<Link, Long> lastArrival = new HashMap<>();
  private long nowNanos;
  private long numbered;

  /// An empty network at time 0.
  public SimNetwork(long seed, SimNetworkConfig config) {
    this.config = config;
    this.random = new SplittableRandom(seed);
  }

  /// Virtual time since the beginning.
  public long nowNanos() {
    return nowNanos;
  }

  /// A source of chance of its own for one node, derived from the seed.
  public SplittableRandom newRandom() {
    return random.split();
  }

  /// A new life of `peer`.
  ///
  /// @throws IllegalStateException if it has one
  public Transport node(PeerId peer) {
    if (nodes.containsKey(peer)) {
      throw new IllegalStateException("peer: " + peer + " (expected: not running)");
    }
    SimTransport node = new SimTransport(peer, this);
    nodes.put(peer, node);
    return node;
  }

  void started(SimTransport node) {
    trace.add(nowNanos, "start", node.self());
    reached.remove(node.self());
    reached.values().forEach(peers -> peers.remove(node.self()));
    schedule(0, () -> node.deliverView(new TreeSet<>()));
    detect(config.joinDetection());
  }

  void closed(SimTransport node) {
    if (nodes.remove(node.self(), node)) {
      trace.add(nowNanos, "close", node.self());
      detect(config.leaveDetection());
    }
  }

  /// Kills a node without a word; what it had sent stays under way. No effect if it does not run.
  public void crash(PeerId peer) {
    SimTransport node = nodes.remove(peer);
    if (node != null) {
      node.kill();
      trace.add(nowNanos, "crash", peer);
      detect(config.crashDetection());
    }
  }

  /// Cuts both directions between each node of one set and each of the other.
  public void cut(Set<PeerId> side, Set<PeerId> otherSide) {
    cutOneWay(side, otherSide);
    cutOneWay(otherSide, side);
  }

  /// Cuts what one set sends to the other.
  public void cutOneWay(Set<PeerId> from, Set<PeerId> to) {
    for (PeerId sender : new TreeSet<>(from)) {
      for (PeerId receiver : new TreeSet<>(to)) {
        if (!sender.equals(receiver)) {
          cuts.add(new Link(sender, receiver));
          trace.add(nowNanos, "cut", sender, receiver);
        }
      }
    }
    detect(config.silenceDetection());
  }

  /// Cuts exactly these directions, sender to receivers, and undoes every other cut. What stays
  /// cut, or stays whole, is not disturbed.
  public void cutOnly(SortedMap<PeerId, ? extends Set<PeerId>> directions) {
    Set<Link> wanted = new HashSet<>();
    directions.forEach((from, receivers) -> {
      for (PeerId to : new TreeSet<>(receivers)) {
        if (!from.equals(to)) {
          wanted.add(new Link(from, to));
          trace.add(nowNanos, "cut", from, to);
        }
      }
    });
    cuts.retainAll(wanted);
    detect(config.mergeDetection());
    cuts.addAll(wanted);
    detect(config.silenceDetection());
  }

  /// Undoes every cut.
  public void heal() {
    cuts.clear();
    trace.add(nowNanos, "heal");
    detect(config.mergeDetection());
  }

  /// Runs `action` after a delay; a node's timers are made of this.
  public void schedule(long delayNanos, Runnable action) {
    if (delayNanos < 0) {
      throw new IllegalArgumentException("delayNanos: " + delayNanos + " (expected: >= 0)");
    }
    queue.add(new Event(nowNanos + delayNanos, numbered++, action));
  }

  private boolean connected(PeerId one, PeerId other) {
    return isLive(one)
        && isLive(other)
        && !cuts.contains(new Link(one, other))
        && !cuts.contains(new Link(other, one));
  }

  private boolean isLive(PeerId peer) {
    SimTransport node = nodes.get(peer);
    return node != null && node.isStarted();
  }

  /// Tells each node, after a while, of the peers whose reachability is not what it was before.
  private void detect(Duration delay) {
    Map<PeerId, Set<PeerId>> now = new TreeMap<>();
    for (PeerId one : nodes.keySet()) {
      Set<PeerId> peers = new TreeSet<>();
      for (PeerId other : nodes.keySet()) {
        if (!one.equals(other) && connected(one, other)) {
          peers.add(other);
        }
      }
      now.put(one, peers);
    }
    for (SimTransport node : List.copyOf(nodes.values())) {
      Set<PeerId> gained = changed(node.self(), now, reached);
      Set<PeerId> lost = changed(node.self(), reached, now);
      if (!gained.isEmpty() || !lost.isEmpty()) {
        long jitterNanos = random.nextLong(Math.max(1, delay.toNanos() / 10));
        schedule(delay.toNanos() + jitterNanos, () -> detected(node, gained, lost));
      }
    }
    reached = now;
  }

  private static Set<PeerId> changed(
      PeerId from, Map<PeerId, Set<PeerId>> in, Map<PeerId, Set<PeerId>> notIn) {
    Set<PeerId> peers = new TreeSet<>(in.getOrDefault(from, Set.of()));
    peers.removeAll(notIn.getOrDefault(from, Set.of()));
    return peers;
  }

  private void detected(SimTransport node, Set<PeerId> gained, Set<PeerId> lost) {
    if (nodes.get(node.self()) != node) {
      return;
    }
    TreeSet<PeerId> view = new TreeSet<>(node.view());
    gained.stream().filter(peer -> connected(node.self(), peer)).forEach(view::add);
    view.removeIf(peer -> lost.contains(peer) && !connected(node.self(), peer));
    if (!view.equals(node.view())) {
      trace.add(nowNanos, "view", node.self());
      node.deliverView(view);
    }
  }

  void send(PeerId from, PeerId to, int channel, byte[] payload) {
    SimTransport receiver = nodes.get(to);
    if (receiver == null || from.equals(to)) {
      return;
    }
    byte[] copy = payload.clone();
    if (random.nextDouble() >= config.lossRate()) {
      carry(from, receiver, channel, copy);
    }
    if (random.nextDouble() < config.duplicateRate()) {
      carry(from, receiver, channel, copy);
    }
  }

  private void carry(PeerId from, SimTransport receiver, int channel, byte[] payload) {
    Link link = new Link(from, receiver.self());
    long atNanos = nowNanos + config.latency().delayNanos(from, receiver.self(), random);
    if (config.ordered()) {
      atNanos = Math.max(atNanos, lastArrival.getOrDefault(link, 0L));
      lastArrival.put(link, atNanos);
    }
    schedule(
        atNanos - nowNanos,
        () -> {
          if (nodes.get(receiver.self()) == receiver && !cuts.contains(link)) {
            trace.addMessage(nowNanos, from, receiver.self(), channel, payload);
            receiver.deliver(from, channel, Arrays.copyOf(payload, payload.length));
          }
        });
  }

  /// Lets the next event happen.
  ///
  /// @return whether there was one
  public boolean step() {
    Event event = queue.poll();
    if (event == null) {
      return false;
    }
    nowNanos = event.atNanos();
    event.action().run();
    return true;
  }

  /// Lets everything happen that is due within `duration`, and moves the clock to its end.
  public void runFor(Duration duration) {
    long endNanos = nowNanos + duration.toNanos();
    while (!queue.isEmpty() && queue.peek().atNanos() <= endNanos) {
      step();
    }
    nowNanos = endNanos;
  }

  /// Runs until `condition` holds, checked after each event, or `limit` has passed.
  ///
  /// @return whether it holds
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    long endNanos = nowNanos + limit.toNanos();
    while (!condition.getAsBoolean()) {
      Event next = queue.peek();
      if (next == null || next.atNanos() > endNanos) {
        nowNanos = endNanos;
        return condition.getAsBoolean();
      }
      step();
    }
    return true;
  }

  /// The identities of the nodes that run.
  public List<PeerId> running() {
    return new ArrayList<>(nodes.keySet());
  }

  /// SHA-256 in hexadecimal over everything that has happened: starts, ends, cuts, views, messages.
  public String traceHash() {
    return trace.hash();
  }
}
