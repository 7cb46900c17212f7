package io.skein.simulator.mesh;

import io.skein.gossip.sim.LatencyLaw;
import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.sim.SimNetworkConfig;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.ServiceChange;
import io.skein.reputation.snapshot.Scores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// A whole mesh in virtual time.
///
/// Every node runs the classes of a real one: [Ledger], reconciliation, state exchange, reputation,
/// over a [SimNetwork] that delays, loses, doubles and reorders as its [Faults] say. Disks are
/// [MemoryStore]s that forget what was not synced when their node loses power. The first node
/// founds the mesh and invites the others. All chance comes from the seed; the same seed and the
/// same calls give the same run ([#traceHash]).
///
/// Every record that becomes visible on a node is checked at once (see `History`); [#violations]
/// tells what was found, and compares all nodes' contents with all acknowledgements.
///
/// One thread.
public final class MeshSimulation {
  /// Length of a performance window in the simulated mesh.
  public static final long WINDOW_MILLIS = 2_000;

  private static final long START_MILLIS = 1_767_225_600_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final SimNetwork network;
  private final SplittableRandom random;
  private final Faults faults;
  private final Addresses addresses = new Addresses();
  private final History history = new History();
  private final List<SimNode> nodes = new ArrayList<>();
  private long writes;

  private static final class SimNode {
    final SigningKey key;
    final MemoryStore store = new MemoryStore();
    final LongSupplier wallMillis;
    Optional<NodeLife> life = Optional.empty();

    SimNode(SigningKey key, LongSupplier wallMillis) {
      this.key = key;
      this.wallMillis = wallMillis;
    }
  }

  /// A mesh of `nodeCount` nodes that have just been started, at time 0.
  ///
  /// @throws IllegalArgumentException if there are fewer than 2 or more than 64
  public MeshSimulation(long seed, int nodeCount) {
    if (nodeCount < 2 || nodeCount > 64) {
      throw new IllegalArgumentException("nodeCount: " + nodeCount + " (expected: 2..64)");
    }
    this.random = new SplittableRandom(seed);
    this.faults = Faults.draw(random.split(), nodeCount);
    this.network =
        new SimNetwork(
            random.nextLong(),
            SimNetworkConfig.calm()
                .withLatency(LatencyLaw.uniform(faults.leastLatency(), faults.mostLatency()))
                .withFaults(faults.lossRate(), faults.duplicateRate()));
    for (int i = 0; i < nodeCount; i++) {
      long skew = faults.skewMillis().get(i);
      nodes.add(
          new SimNode(
              SigningKey.generate(random.split()),
              () -> START_MILLIS + skew + network.nowNanos() / NANOS_PER_MILLI));
    }
    found();
  }

  private void found() {
    byte[] nonce = new byte[Body.Genesis.NONCE_BYTES];
    random.nextBytes(nonce);
    SimNode founder = nodes.getFirst();
    AgreedClock clock = clock(founder);
    Ledger first =
        Ledger.found(
            founder.store,
            founder.key,
            "simulated",
            nonce,
            WINDOW_MILLIS,
            "node-0",
            new HybridClock(clock),
            random.split());
    SigningKey invite = SigningKey.generate(random.split());
    long expiry = START_MILLIS + Duration.ofHours(1).toMillis();
    first.append(new Body.Invite(invite.publicKey(), nodes.size(), expiry));
    first.commit();
    start(founder, clock, first);
    for (int i = 1; i < nodes.size(); i++) {
      SimNode node = nodes.get(i);
      Hash meshId = first.meshId();
      byte[] proof = JoinProof.sign(invite, meshId, node.key.publicKey());
      Body.Join join = new Body.Join(node.key.publicKey(), invite.publicKey(), proof, "node-" + i);
      AgreedClock joining = clock(node);
      start(
          node,
          joining,
          Ledger.join(
              node.store, node.key, meshId, join, new HybridClock(joining), random.split()));
    }
  }

  private AgreedClock clock(SimNode node) {
    return new AgreedClock(node.wallMillis, network::nowNanos);
  }

  private void start(SimNode node, AgreedClock clock, Ledger ledger) {
    NodeId id = node.key.nodeId();
    NodeLife.Site site =
        new NodeLife.Site(
            network, addresses, Addresses.of(id), clock, faults::mostCommit, WINDOW_MILLIS);
    NodeLife life =
        new NodeLife(
            site,
            node.key,
            ledger,
            random.split(),
            Habit.HONEST,
            (record, _) -> history.visible(id, Visible.of(record)));
    node.life = Optional.of(life);
    life.start();
  }

  /// What goes wrong in this run.
  public Faults faults() {
    return faults;
  }

  /// Lets time pass.
  public void run(Duration duration) {
    network.runFor(duration);
  }

  /// Virtual time since the beginning.
  public Duration now() {
    return Duration.ofNanos(network.nowNanos());
  }

  /// A client writes to a node: a catalogue entry of its own, acknowledged once durable there.
  ///
  /// @return the write's name, if the node took it
  public Optional<String> write(int node) {
    String name = "writes/w" + writes++;
    Body body =
        new Body.Service(
            new ServiceChange.PutEndpoint(
                "writes", name, "http://10.0.0.1:8080", Optional.empty(), "eu", 1));
    return nodes.get(node).life.filter(life -> life.write(body)).map(_ -> name);
  }

  /// Clients write to each node at random times, on average every `mean`, until `until` (virtual
  /// time). Names of taken writes go to `taken`.
  public void writeAtRandom(int node, Duration mean, Duration until, Collection<String> taken) {
    long pauseNanos = random.nextLong(2 * mean.toNanos());
    if (network.nowNanos() + pauseNanos < until.toNanos()) {
      network.schedule(
          pauseNanos,
          () -> {
            write(node).ifPresent(taken::add);
            writeAtRandom(node, mean, until, taken);
          });
    }
  }

  /// Does something later.
  public void after(Duration delay, Runnable action) {
    network.schedule(delay.toNanos(), action);
  }

  /// Cuts the network between some nodes and the rest.
  public void split(Collection<Integer> side) {
    Set<PeerId> here = new HashSet<>();
    Set<PeerId> there = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      (side.contains(i) ? here : there).add(Addresses.of(nodes.get(i).key.nodeId()));
    }
    network.cut(here, there);
  }

  /// Undoes every cut.
  public void heal() {
    network.heal();
  }

  /// A node loses power: what was not synced is gone.
  public void crash(int index) {
    SimNode node = nodes.get(index);
    node.life.ifPresent(life -> {
      life.kill();
      network.crash(Addresses.of(node.key.nodeId()));
      node.store.crash();
      history.crashed(node.key.nodeId());
    });
    node.life = Optional.empty();
  }

  /// A crashed node starts again with the disk it had.
  public void restart(int index) {
    SimNode node = nodes.get(index);
    if (node.life.isEmpty()) {
      AgreedClock clock = clock(node);
      start(
          node,
          clock,
          Ledger.reopen(node.store, node.key, new HybridClock(clock), random.split(), true));
      history.reopened(node.key.nodeId());
    }
  }

  /// No node writes performance records from now on, so that the ledger can come to rest.
  public void fallSilent() {
    nodes.forEach(node -> node.life.ifPresent(NodeLife::fallSilent));
  }

  /// Runs until all nodes run, have nothing left to commit and show equal heads.
  ///
  /// @return whether they did within `limit`
  public boolean runUntilEqual(Duration limit) {
    return network.runUntil(
        () ->
            lives().size() == nodes.size()
                && lives().stream().allMatch(NodeLife::quiet)
                && headsRoots().stream().distinct().count() == 1,
        limit);
  }

  /// The heads roots of all nodes that run.
  public List<Hash> headsRoots() {
    return lives().stream().map(life -> life.ledger().headsRoot()).toList();
  }

  /// The scores as each node that runs computes them.
  public List<Scores> scores() {
    return lives().stream().map(NodeLife::scores).toList();
  }

  /// Records acknowledged so far, the nodes' own among them.
  public int acknowledged() {
    return history.acknowledged();
  }

  /// Names of the clients' writes acknowledged so far.
  public Set<String> acknowledgedWrites() {
    return Set.copyOf(history.acknowledgedWrites());
  }

  /// Everything found wrong so far: as it happened, and comparing contents with acknowledgements.
  /// Only once heads are equal may the latter be expected to be nothing.
  public List<String> violations() {
    Map<NodeId, List<Visible>> contents = new TreeMap<>();
    for (NodeLife life : lives()) {
      Ledger ledger = life.ledger();
      List<Visible> held = new ArrayList<>();
      ledger
          .heads()
          .forEach((feed, head) ->
              ledger.page(feed, 1, (int) head.seq()).stream().map(Visible::of).forEach(held::add));
      contents.put(ledger.self(), held);
    }
    List<String> found = new ArrayList<>(history.validate(contents));
    lives().stream()
        .filter(life -> life.ledger().forks() + life.ledger().own().cloneAlarms() > 0)
        .forEach(life -> found.add(life.ledger().self() + " has seen a fork"));
    return found;
  }

  /// SHA-256 in hexadecimal over everything that happened on the network.
  public String traceHash() {
    return network.traceHash();
  }

  private List<NodeLife> lives() {
    return nodes.stream().flatMap(node -> node.life.stream()).toList();
  }
}
