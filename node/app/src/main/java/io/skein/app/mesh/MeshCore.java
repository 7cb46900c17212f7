package io.skein.app.mesh;

import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Who;
import io.skein.gossip.membership.MemberChange;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.SharedBuffer;
import io.skein.gossip.transport.Transport;
import io.skein.ledger.admission.Branches;
import io.skein.ledger.admission.MeshInfo;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// This node's part in the mesh: puts ledger, peers, catalogue, reputation and repairs together,
/// and gives each its time. Everything runs on the mesh thread; the methods that other threads may
/// call say so.
public final class MeshCore {
  private static final byte[] NOTHING = new byte[0];
  private static final Duration CUT_OFF_AFTER = Duration.ofMillis(500);
  private static final Duration LATECOMERS_CUT_OFF_AFTER = Duration.ofSeconds(5);
  private static final Duration GOSSIP_TICK = Duration.ofMillis(200);
  private static final Duration LEARNING_TICK = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final NodeId self;
  private final Hash meshId;
  private final MeshThread thread;
  private final Transport transport;
  private final HybridClock clock;
  private final EventLog events;
  private final Peers peers;
  private final Introduction introduction;
  private final Names names;
  private final MemberLog memberLog;
  private final Records records;
  private final Derived derived;
  private final Beginning beginning;
  private final Declarations declarations;
  private final Attestation attestation;
  private final Ladders ladders;
  private final Acknowledgements acknowledgements;
  private final Cheats cheats;
  private final Pruning pruning;
  private final WallClocks wallClocks;
  private final Routing routing;
  private final Healing healing;
  private final Exclusion exclusion;
  private final Laboratory laboratory;
  private final Consequences consequences;
  private final ShadowChoice shadows;
  private final Bulletin bulletin;
  private final WindowTurns windows;
  private final Farewell farewell;
  private final Intake intake;
  private final Hearing hearing;
  private volatile Runnable onPeers = () -> {};
  private volatile Gauges gauges = Gauges.AT_START;

  /// @param wall what `clock`, the ledger's, goes by; it is told here what peers' clocks show
  public MeshCore(
      MeshIdentity identity,
      Ledger ledger,
      HybridClock clock,
      AgreedClock wall,
      Transport transport,
      MeshThread thread,
      RouteTables tables,
      EventLog events,
      RandomGenerator random) {
    this.self = identity.id();
    this.meshId = ledger.meshId();
    this.thread = thread;
    this.transport = transport;
    this.clock = clock;
    this.events = events;
    // Who is there, and what they are called.
    this.peers =
        new Peers(
            self,
            identity.who().startedMillis(),
            (to, message) -> transport.send(to, Channels.STATE, message),
            random,
            this::membersChanged,
            this::rumored);
    this.introduction =
        new Introduction(
            identity.who(), said -> peers.tellUrgently(said, System.nanoTime()), events);
    this.names = new Names(self, introduction, peers::who, ledger.roster());
    this.memberLog = new MemberLog(names::of, events);
    // Records, and what follows from them.
    Reconciler reconciler =
        new Reconciler(
            ledger,
            (to, message) -> transport.send(Peers.peerId(to), Channels.RECORDS, message),
            random,
            // No runs: an author whose disk was rolled back is not told of what is not verified
            // yet.
            ReconcilerConfig.defaults(),
            new SyncLog(names::of, events),
            SignatureWorkers.ofProcessors());
    this.records = new Records(ledger, reconciler, thread, System::nanoTime);
    this.derived =
        new Derived(ledger, thread::execute, System::nanoTime, this::derived, this::derivedAnew);
    this.beginning = new Beginning(thread);
    this.attestation =
        new Attestation(
            identity.key(), records, derived, thread, System::nanoTime, names::of, events);
    this.ladders = new Ladders(records, self);
    ladders.witnesses(attestation);
    this.acknowledgements = new Acknowledgements(ladders, thread, System::nanoTime);
    this.cheats = new Cheats(ledger, derived, records::append, names::of, events);
    this.pruning = new Pruning(records, derived, names::of, events);
    // Traffic, routes, repairs.
    this.routing =
        new Routing(
            identity.key(),
            identity.who().region(),
            thread,
            peers,
            derived,
            tables,
            System::nanoTime,
            this::nowMillis,
            this::alarmed);
    RoutePublisher routes = routing.publisher();
    Announcer announcer = routing.announcer();
    this.declarations = new Declarations(thread, beginning, derived, records, routes::refresh);
    Kin kin = new Kin(self, peers, nodes -> Branches.of(ledger.roster().snapshot(), nodes));
    this.wallClocks =
        new WallClocks(
            identity.key(),
            meshId,
            self,
            identity.who().startedMillis(),
            peers,
            kin,
            wall,
            ledger.roster()::keyOf);
    Vigil vigil =
        new Vigil(
            self,
            introduction::who,
            peers,
            new Pulses(
                identity.key(),
                meshId,
                identity.who().startedMillis(),
                peers,
                ledger.roster()::keyOf),
            announcer,
            records,
            wall::wallMillis,
            kin,
            System.nanoTime());
    Repairs repairs = new Repairs(this, records);
    this.healing =
        new Healing(
            thread,
            System::nanoTime,
            beginning,
            introduction,
            vigil,
            repairs,
            routing,
            derived,
            events);
    this.exclusion =
        new Exclusion(
            self,
            names::of,
            events,
            step -> thread.after(CUT_OFF_AFTER, step),
            step -> thread.after(LATECOMERS_CUT_OFF_AFTER, step),
            this::welcome,
            records::end);
    this.laboratory = new Laboratory(self, tables.experiments(), peers, this::append, events);
    this.consequences =
        new Consequences(
            self,
            () -> ledger.roster().snapshot(),
            derived,
            repairs,
            routes,
            exclusion,
            tables.experiments(),
            laboratory,
            routing::tellServes);
    this.shadows = new ShadowChoice(self, introduction::who, peers);
    this.bulletin =
        new Bulletin(
            routing,
            derived,
            records,
            shadows,
            peers,
            peer -> transport.send(peer, Channels.GREETING, NOTHING));
    // Windows, messages, the end.
    Contacts contacts = new Contacts(identity.key(), meshId);
    this.windows =
        new WindowTurns(
            new WindowRecorder(routing.traffic(), routing.forwarded(), contacts, peers::hears),
            contacts,
            records::append,
            () -> ledger.roster().mesh().stream().mapToLong(MeshInfo::windowMillis).findFirst(),
            this::nowMillis,
            (to, message) -> transport.send(Peers.peerId(to), Channels.CONTACT, message));
    this.farewell =
        new Farewell(thread, (to, message) -> transport.send(to, Channels.GOODBYE, message));
    this.intake =
        new Intake(
            exclusion,
            peers,
            contacts,
            windows,
            farewell,
            records,
            acknowledgements,
            vigil::greeted,
            names::of,
            events,
            System::nanoTime);
    this.hearing = new Hearing(thread, intake, SharedBuffer.ofHeap());
  }

  /// Starts to take part. Any thread, once.
  public void start() {
    thread.execute(() -> {
      records.ledger().confineTo(Thread.currentThread());
      consequences.atStart();
      derived.start();
      introduction.tell();
    });
    transport.start(hearing);
    thread.every(GOSSIP_TICK, this::gossipTick);
    healing.start();
    thread.every(LEARNING_TICK, () -> routing.tables().classes().turn(System.nanoTime()));
    thread.every(SECOND, this::second);
  }

  private void welcome(SortedSet<PeerId> reachable) {
    peers.view(reachable, System.nanoTime());
    records.peers(peers.reachable());
    routing.publisher().publish();
  }

  private void membersChanged(List<MemberChange> changes) {
    changes.forEach(memberLog::tell);
    routing.publisher().stale();
    healing.alert();
  }

  private void rumored(NodeId peer, String key) {
    routing.rumored(peer, key);
  }

  private void derived(SignedRecord record) {
    consequences.of(record);
  }

  private void derivedAnew() {
    consequences.ofAll();
    if (beginning.end()) {
      attestation.start(nowMillis());
    }
  }

  private void alarmed() {
    healing.alarm();
  }

  private void gossipTick() {
    peers.tick(System.nanoTime(), healing.vigil().patience());
    routing.tick();
    records.tick();
    acknowledgements.look();
    if (windows.tick(peers.reachable())) {
      routing.publisher().stale();
    }
    routing.publisher().refresh();
    laboratory.tick(System.nanoTime());
  }

  private void second() {
    long now = System.nanoTime();
    bulletin.tell(nowMillis() / 1_000, now);
    wallClocks.second(now);
    healing.vigil().second(now);
    attestation.second(clock.now());
    onPeers.run();
    Set<NodeId> live = new TreeSet<>(Set.of(self));
    peers.all().stream().filter(Peers.Peer::alive).forEach(peer -> live.add(peer.id()));
    if (beginning.isOver() && cheats.step(live, now)) {
      routing.publisher().stale();
    }
    routing.second(nowMillis() / 1_000, now);
    pruning.second(live, nowMillis());
    gauges =
        Gauges.of(
            peers,
            records,
            derived,
            hearing,
            intake.malformed(),
            healing.repairs(),
            healing.vigil().patience());
  }

  /// Says goodbye to every peer and writes what is open. Blocks until done, at most six seconds.
  /// Any thread but the mesh's.
  public void stop() {
    farewell.say(windows, records, peers::reachable);
  }

  /// Appends a record. Any thread; the future completes when it is durable, exceptionally when it
  /// is refused, and with [NotDurable] when neither is known after some seconds.
  public CompletableFuture<SignedRecord> append(Body body) {
    return NotDurable.after(NotDurable.PATIENCE, records.append(body));
  }

  /// As [#append] for who can repeat it: fails with [NotYet] soon if this node was started again
  /// and still waits for what its peers know of its records.
  CompletableFuture<SignedRecord> appendSoon(Body body) {
    return NotDurable.after(NotDurable.PATIENCE, records.appendSoon(body));
  }

  /// The mesh port's real address, once it is bound. Any thread.
  public void meshAddress(String address) {
    thread.execute(() -> introduction.meshAddress(address));
  }

  long nowMillis() {
    return HybridClock.millis(clock.now());
  }

  /// The mesh's id. Any thread.
  Hash meshId() {
    return meshId;
  }

  /// This node's identity. Any thread.
  public NodeId self() {
    return self;
  }

  /// Hears of every change of the roster. Before [#start]; called on the mesh thread.
  public void onRoster(Consumer<RosterSnapshot> listener) {
    consequences.onRoster(listener);
  }

  /// Hears of every change of the catalogue that this node has written. Before [#start]; called on
  /// the mesh thread.
  public void onOwnChange(BiConsumer<SignedRecord, ServiceChange> listener) {
    consequences.onOwnChange(listener);
  }

  /// How this node stands in its own ledger. Any thread.
  Standing standing() {
    return exclusion.standing();
  }

  /// Hears that connections of who is cut off are to be closed now. Before [#start]; called on the
  /// mesh thread.
  public void onCutOff(Runnable listener) {
    exclusion.onCutOff(listener);
  }

  /// Hears that peers have come. Called on the mesh thread.
  public void onPeers(Runnable listener) {
    onPeers = listener;
  }

  /// Hears of windows. Before [#start].
  public void onWindows(WindowListener listener) {
    windows.listener(listener);
  }

  /// Figures for metrics, as of the last second. Any thread.
  public Gauges gauges() {
    return gauges;
  }

  /// What this node says of itself. Any thread.
  Who who() {
    return introduction.who();
  }

  Names names() {
    assert thread.inside();
    return names;
  }

  String nameOf(NodeId node) {
    return names().of(node);
  }

  Peers peers() {
    assert thread.inside();
    return peers;
  }

  Records records() {
    assert thread.inside();
    return records;
  }

  Derived derived() {
    assert thread.inside();
    return derived;
  }

  Ladders ladders() {
    assert thread.inside();
    return ladders;
  }

  Acknowledgements acknowledgements() {
    assert thread.inside();
    return acknowledgements;
  }

  /// How much of the ledger is kept from now on. Any thread; said before [#start], too.
  public void retain(RetentionLimits limits) {
    thread.execute(() -> pruning.limits(limits));
  }

  Pruning pruning() {
    assert thread.inside();
    return pruning;
  }

  /// Checkpoints and proofs.
  public Attestation attestation() {
    return attestation;
  }

  /// What this node routes by. Any thread.
  public Routing routing() {
    return routing;
  }

  /// What the mesh's records declare. Any thread.
  public Declarations declarations() {
    return declarations;
  }

  /// Over once it is known what follows from what the ledger held at the start. Any thread.
  public Beginning beginning() {
    return beginning;
  }

  Laboratory laboratory() {
    assert thread.inside();
    return laboratory;
  }

  /// How this node heals the mesh. Any thread.
  public Healing healing() {
    return healing;
  }

  ShadowChoice shadows() {
    assert thread.inside();
    return shadows;
  }

  /// Whether this node is admitted and knows its mesh. Any thread.
  public CompletableFuture<Boolean> admitted() {
    return beginning.then(() ->
        records.ledger().roster().mesh().isPresent()
            && records.ledger().roster().member(self()).isPresent()
            && records.ledger().writable());
  }

  EventLog events() {
    return events;
  }

  MeshThread thread() {
    return thread;
  }
}
