package io.skein.simulator.mesh;

import io.skein.gossip.sim.LatencyLaw;
import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.sim.SimNetworkConfig;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.disk.Disk;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.RecordStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// Nodes in a [Storm]: founded, joined, written to, cheated and broken; then left in peace until
/// all honest ones are equal, or should have been.
///
/// One thread. Make one, [#run] it once.
final class StormSimulation {
  private static final long START_MILLIS = 1_767_225_600_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long WINDOW_MILLIS = 2_000;
  private static final long WRITES_END_MILLIS = 27_000;
  private static final long SET_EVERY_MILLIS = 3_000;
  private static final long SILENCE_MILLIS = 29_000;
  private static final long SETTLED_MILLIS =
      SILENCE_MILLIS + StormOutcome.BOUNDS.convergence().toMillis() + 1_000;
  private static final long REPEAT_MILLIS = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final int ACTS = 3;

  private final Storm storm;
  private final Broken broken;
  private final SimNetwork network;
  private final Addresses addresses = new Addresses();
  private final SplittableRandom random;
  private final SplittableRandom setters;
  private final List<StormNode> nodes = new ArrayList<>();
  private final Map<NodeId, StormNode> byId = new TreeMap<>();
  private final History history;
  private final StormChecks checks;
  private final Chronicle chronicle;
  private final Havoc havoc;
  private final List<SigningKey> invites = new ArrayList<>();
  private long writes;
  private long settings;
  private long skippedMillis;

  /// How the nodes of a run are broken on purpose; [#SOUND] in earnest.
  interface Broken {
    Broken SOUND = new Broken() {};

    default Disk disk(Disk disk) {
      return disk;
    }

    default Habit habit(StormSimulation mesh, StormNode node) {
      return Habit.HONEST;
    }

    /// Whether nodes let records go without asking who has them.
    default boolean hasty() {
      return false;
    }
  }

  StormSimulation(Storm storm, Broken broken) {
    this.storm = storm;
    this.broken = broken;
    this.random = new SplittableRandom(storm.seed());
    this.setters = new SplittableRandom(storm.seed() ^ 0x5e77_1265_5e77_1265L);
    this.network =
        new SimNetwork(
            random.nextLong(),
            SimNetworkConfig.calm()
                .withLatency(LatencyLaw.uniform(storm.leastLatency(), storm.mostLatency()))
                .withFaults(storm.lossRate(), storm.duplicateRate()));
    List<SigningKey> keys = new ArrayList<>();
    for (int i = 0; i < storm.nodes(); i++) {
      keys.add(SigningKey.generate(random));
    }
    Set<NodeId> liars = new TreeSet<>();
    storm.liars().keySet().forEach(liar -> liars.add(keys.get(liar).nodeId()));
    this.history = new History(liars);
    this.chronicle = new Chronicle(network, keys.stream().map(SigningKey::nodeId).toList());
    this.checks = new StormChecks(history, liars, chronicle);
    this.havoc = new Havoc(this, storm.nodes(), network, random, addresses, checks, chronicle);
    Map<NodeId, SigningKey> keyring = new TreeMap<>();
    keys.forEach(key -> keyring.put(key.nodeId(), key));
    for (int i = 0; i < storm.nodes(); i++) {
      long skew = storm.skewMillis().get(i);
      LongSupplier wall = () -> START_MILLIS + skew + elapsedNanos() / NANOS_PER_MILLI;
      StormNode node =
          new StormNode(i, keys.get(i), keyring, wall, new SimDisk(keys.get(i), broken::disk));
      List<Lie> lies = storm.liars().getOrDefault(i, List.of());
      node.liar =
          lies.isEmpty()
              ? Optional.empty()
              : Optional.of(new Liar(node.key, keyring, lies, random.split(), checks));
      nodes.add(node);
      byId.put(node.id(), node);
    }
  }

  /// Runs it to its end.
  StormOutcome run() {
    storm.liars().keySet().forEach(chronicle::cheats);
    chronicle.readEvery(this::honest);
    found();
    storm.nemeses().forEach(havoc::schedule);
    storm.liars().forEach((liar, lies) -> lies.forEach(lie -> schedule(nodes.get(liar), lie)));
    for (StormNode node : nodes) {
      writeAtRandom(node);
    }
    honest().forEach(this::setAtRandom);
    network.runFor(Duration.ofMillis(SILENCE_MILLIS));
    nodes.forEach(node -> node.life.ifPresent(NodeLife::fallSilent));
    nodes.forEach(node -> node.silent = true);
    chronicle.quiet();
    Duration equalAfter = untilAtRest();
    if (storm.calm().isEmpty()) {
      // What is not there by then will not come.
      network.runFor(
          Duration.ofNanos(Math.max(0, SETTLED_MILLIS * NANOS_PER_MILLI - network.nowNanos())));
      untilAtRest();
    }
    chronicle.close(honest());
    if (storm.calm().isPresent() && atRest()) {
      new CalmSimulation(this, storm.calm().get(), network, checks, WINDOW_MILLIS, broken.hasty())
          .pass();
      untilAtRest();
    }
    return checks.outcome(storm, honest(), liars(), equalAfter, network.traceHash());
  }

  private Duration untilAtRest() {
    long quietNanos = network.nowNanos();
    while (!atRest() && network.nowNanos() - quietNanos < PATIENCE.toNanos()) {
      network.runFor(LOOK_EVERY);
    }
    return Duration.ofNanos(network.nowNanos() - quietNanos);
  }

  StormNode node(int number) {
    return nodes.get(number);
  }

  List<StormNode> nodes() {
    return nodes;
  }

  List<StormNode> honest() {
    return nodes.stream().filter(node -> node.liar.isEmpty()).toList();
  }

  List<StormNode> liars() {
    return nodes.stream().filter(node -> node.liar.isPresent()).toList();
  }

  /// Time passes in which nothing happens.
  void skip(Duration time) {
    skippedMillis += time.toMillis();
  }

  /// Time since it began.
  long elapsedNanos() {
    return network.nowNanos() + skippedMillis * NANOS_PER_MILLI;
  }

  /// Switches a node off for good.
  void leave(StormNode node) {
    node.life.ifPresent(life -> {
      life.kill();
      network.crash(Addresses.of(node.id()));
    });
    node.life = Optional.empty();
  }

  /// Stops a node and starts it again under the identity that it was handed on to.
  StormNode succeed(StormNode before, SigningKey successor) {
    leave(before);
    StormNode after =
        new StormNode(
            before.number,
            successor,
            before.keyring,
            before.wallMillis,
            before.disk.handedOn(successor));
    after.silent = true;
    nodes.set(before.number, after);
    byId.put(after.id(), after);
    restart(after);
    return after;
  }

  private boolean atRest() {
    List<StormNode> honest = honest();
    return honest.stream().allMatch(node -> node.life.isPresent() && node.clone.isEmpty())
        && honest.stream().allMatch(node -> node.life.orElseThrow().quiet())
        && honest.stream()
                .map(node -> node.life.orElseThrow().ledger().headsRoot())
                .distinct()
                .count()
            == 1;
  }

  private void found() {
    byte[] nonce = new byte[Body.Genesis.NONCE_BYTES];
    random.nextBytes(nonce);
    StormNode founder = nodes.getFirst();
    AgreedClock clock = founder.wakes(this::elapsedNanos);
    Ledger first =
        Ledger.found(
            founder.disk.open(),
            founder.key,
            "simulated",
            nonce,
            WINDOW_MILLIS,
            "node-0",
            new HybridClock(clock),
            random.split());
    for (int i = 0; i < storm.invites(); i++) {
      SigningKey invite = SigningKey.generate(random);
      invites.add(invite);
      long expiry = START_MILLIS + Duration.ofHours(1).toMillis();
      first.append(new Body.Invite(invite.publicKey(), storm.nodes(), expiry));
    }
    first.commit();
    start(founder, clock, first);
    nodes.subList(1, nodes.size()).forEach(node -> join(node, first.meshId()));
  }

  private void join(StormNode node, Hash meshId) {
    SigningKey invite = invites.get(random.nextInt(invites.size()));
    byte[] proof = JoinProof.sign(invite, meshId, node.key.publicKey());
    Body.Join join =
        new Body.Join(node.key.publicKey(), invite.publicKey(), proof, "node-" + node.number);
    AgreedClock clock = node.wakes(this::elapsedNanos);
    start(
        node,
        clock,
        Ledger.join(
            node.disk.open(), node.key, meshId, join, new HybridClock(clock), random.split()));
  }

  /// A node that has lost its disk and its identity with it joins anew, by an invite it still has.
  void joinAnew(StormNode before, Hash meshId) {
    SigningKey key = SigningKey.generate(random);
    StormNode after =
        new StormNode(
            before.number, key, before.keyring, before.wallMillis, new SimDisk(key, broken::disk));
    after.silent = before.silent;
    nodes.set(before.number, after);
    byId.put(after.id(), after);
    join(after, meshId);
    chronicle.restarted(after);
  }

  private void start(StormNode node, AgreedClock clock, Ledger ledger) {
    node.life = Optional.of(life(node, Addresses.of(node.id()), clock, ledger));
    node.life.get().start();
  }

  NodeLife life(StormNode node, PeerId address, AgreedClock clock, Ledger ledger) {
    NodeLife.Site site =
        new NodeLife.Site(
            network,
            addresses,
            address,
            clock,
            () -> node.slowForce.orElseGet(storm::mostCommit),
            WINDOW_MILLIS);
    Habit habit = node.liar.<Habit>map(liar -> liar).orElseGet(() -> broken.habit(this, node));
    NodeLife life =
        new NodeLife(site, node.key, ledger, random.split(), habit, checks.watch(node, address));
    if (node.silent) {
      life.fallSilent();
    }
    return life;
  }

  private void writeAtRandom(StormNode node) {
    long pauseMillis = random.nextLong(2 * storm.writeEvery().toMillis());
    if (millis() + pauseMillis < WRITES_END_MILLIS) {
      at(
          millis() + pauseMillis,
          () -> {
            node.life.ifPresent(life -> write(node, life));
            node.clone.ifPresent(life -> write(node, life));
            writeAtRandom(node);
          });
    }
  }

  void write(StormNode node, NodeLife life) {
    String name = "writes/w" + writes++;
    chronicle.appends(node.number, node.clone.filter(life::equals).isPresent(), name);
    boolean taken =
        life.write(
            new Body.Service(
                new ServiceChange.PutEndpoint(
                    "writes", name, "http://10.0.0.1:8080", Optional.empty(), "eu", 1)));
    if (!taken) {
      chronicle.refused(name);
    }
  }

  private void setAtRandom(StormNode node) {
    long when = millis() + setters.nextLong(2 * SET_EVERY_MILLIS);
    if (when < WRITES_END_MILLIS) {
      at(
          when,
          () -> {
            node.life.ifPresent(life -> set(node, life));
            setAtRandom(node);
          });
    }
  }

  private void set(StormNode node, NodeLife life) {
    Setting setting = Setting.draw(setters, ++settings);
    chronicle.sets(node.number, setting);
    if (!life.write(setting.body())) {
      chronicle.refused(setting);
    }
  }

  private void schedule(StormNode liar, Lie lie) {
    if (lie == Lie.AFTER_REVOCATION) {
      at(random.nextLong(Storm.BEGINS_MILLIS, Storm.ENDS_MILLIS), () -> revoke(liar.id()));
      return;
    }
    for (int i = 0; i < ACTS; i++) {
      long when = random.nextLong(Storm.BEGINS_MILLIS, WRITES_END_MILLIS);
      at(
          when,
          () ->
              liar.life.ifPresent(life -> liar.liar.ifPresent(cheater -> cheater.act(life, lie))));
    }
  }

  /// The founder revokes a liar, and again if its word was lost in a crash.
  private void revoke(NodeId liar) {
    if (!checks.revoked(liar) && millis() < WRITES_END_MILLIS) {
      nodes.getFirst().life.ifPresent(life -> life.write(new Body.Revoke(liar, "it lies")));
      at(millis() + REPEAT_MILLIS, () -> revoke(liar));
    }
  }

  void crash(StormNode node) {
    chronicle.crashing(node);
    node.life.ifPresent(life -> {
      life.kill();
      network.crash(Addresses.of(node.id()));
      node.disk.crash(random);
      history.crashed(node.id(), life.ledger().verifiedHeads());
    });
    node.life = Optional.empty();
  }

  void restart(StormNode node) {
    if (node.life.isEmpty()) {
      AgreedClock clock = node.wakes(this::elapsedNanos);
      start(
          node,
          clock,
          Ledger.reopen(node.disk.open(), node.key, new HybridClock(clock), random.split(), true));
      history.reopened(node.id());
      chronicle.restarted(node);
    }
  }

  /// Puts a record in the place of another, and whatever followed that away: what a store that
  /// keeps the last write would do.
  void overwrite(StormNode node, SignedRecord record) {
    at(
        millis(),
        () -> {
          if (node.life.isPresent()) {
            Ledger ledger = node.life.get().ledger();
            FeedId feed = record.feed();
            List<SignedRecord> kept = new ArrayList<>();
            for (FeedId held : ledger.feeds()) {
              long end = held.equals(feed) ? record.seq() : Long.MAX_VALUE;
              ledger.page(held, 1, Integer.MAX_VALUE).stream()
                  .filter(one -> one.seq() < end)
                  .forEach(kept::add);
            }
            crash(node);
            checks.robbed(node.id());
            node.disk = node.disk.blank();
            RecordStore store = node.disk.open();
            kept.forEach(store::append);
            if (kept.stream().anyMatch(one -> one.hash().equals(record.prev()))) {
              store.append(record);
            }
            store.sync();
            store.close();
            restart(node);
          }
        });
  }

  void at(long millis, Runnable action) {
    network.schedule(Math.max(0, millis * NANOS_PER_MILLI - network.nowNanos()), action);
  }

  long millis() {
    return network.nowNanos() / NANOS_PER_MILLI;
  }
}
