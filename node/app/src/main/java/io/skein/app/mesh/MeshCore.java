package io.skein.app.mesh;

import io.skein.api.view.ExperimentView;
import io.skein.app.catalogue.Catalogue;
import io.skein.app.config.Document;
import io.skein.app.contract.Contracts;
import io.skein.app.routes.Experiments;
import io.skein.app.routes.Panics;
import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.app.routes.SteeredAway;
import io.skein.app.rumor.Serves;
import io.skein.app.rumor.Shadows;
import io.skein.app.rumor.Truth;
import io.skein.app.rumor.Who;
import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.membership.MemberChange;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.healing.HealingPlan;
import io.skein.ledger.admission.Branches;
import io.skein.ledger.admission.MeshInfo;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import io.skein.proxy.health.HealthBook;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.RetryBudgetConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// This node's part in the mesh: puts ledger, peers, catalogue, reputation and repairs together,
/// and gives each its time. Everything runs on the mesh thread; the methods that other threads may
/// call say so.
public final class MeshCore {
  private static final byte[] NOTHING = new byte[0];
  private static final Duration CUT_OFF_AFTER = Duration.ofMillis(500);
  private static final Duration GOSSIP_TICK = Duration.ofMillis(200);
  // What a route table is made of; what else peers say leaves it as it is.
  private static final Set<String> ROUTING_RUMORS = Set.of(Who.KEY, Serves.KEY, Shadows.KEY);
  private static final Duration REPAIR_TICK = Duration.ofMillis(100);
  private static final Duration LEARNING_TICK = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final NodeId self;
  private final Hash meshId;
  private final MeshThread thread;
  private final Transport transport;
  private final HybridClock clock;
  private final EventLog events;
  private final RouteTables tables;
  private final CookieKeys cookieKeys;
  private final MeshRates rates = new MeshRates();
  private final TrafficHistory traffic = new TrafficHistory();
  private final TrafficHistory forwarded = new TrafficHistory();
  private final Peers peers;
  private final Introduction introduction;
  private final Names names;
  private final MemberLog memberLog;
  private final Records records;
  private final Derived derived;
  private final Attestation attestation;
  private final Ladders ladders;
  private final Acknowledgements acknowledgements;
  private final Cheats cheats;
  private final Pruning pruning;
  private final HealthBook checks;
  private final Availabilities availabilities;
  private final WallClocks wallClocks;
  private final Vigil vigil;
  private final Repairs repairs;
  private final Lookout lookout;
  private final EndpointWatch watch;
  private final Announcer announcer;
  private final Neighbourhood neighbourhood;
  private final RoutePublisher routes;
  private final Exclusion exclusion;
  private final Laboratory laboratory;
  private final Consequences consequences;
  private final HealthNews health;
  private final ShadowChoice shadows;
  private final Bulletin bulletin;
  private final LateLooks lateLooks;
  private final Headrooms headrooms;
  private final Colony colony;
  private final WindowTurns windows;
  private final Farewell farewell;
  private final Intake intake;
  private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
  private volatile Runnable onPeers = () -> {};
  private volatile Gauges gauges = Gauges.AT_START;

  /// Who this node is.
  ///
  /// @param key its key
  /// @param who what it says of itself at the start
  public record MeshIdentity(SigningKey key, Who who) {
    /// Its identity.
    public NodeId id() {
      return key.nodeId();
    }
  }

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
    this.tables = tables;
    this.cookieKeys = new CookieKeys(identity.key());
    tables.signWith(cookieKeys.keys());
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
    this.attestation =
        new Attestation(
            identity.key(), records, derived, thread, System::nanoTime, names::of, events);
    this.ladders = new Ladders(records, self);
    ladders.witnesses(attestation);
    this.acknowledgements = new Acknowledgements(ladders, thread, System::nanoTime);
    this.cheats = new Cheats(ledger, derived, records::append, names::of, events);
    this.pruning = new Pruning(records, derived, names::of, events);
    // Traffic, repairs, routes.
    this.checks = new HealthBook(() -> Instant.ofEpochMilli(nowMillis()));
    this.availabilities = new Availabilities(derived, checks, this::nowMillis);
    this.repairs = new Repairs(this, records);
    this.lookout = new Lookout(thread, System::nanoTime, this::look);
    this.announcer = new Announcer(traffic);
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
    this.vigil =
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
    this.watch = new EndpointWatch(traffic, forwarded, lookout::alarm);
    this.headrooms = new Headrooms(derived::catalogue, announcer::forecasts, tables, peers);
    this.neighbourhood =
        new Neighbourhood(
            self,
            identity.who().region(),
            peers,
            derived,
            tables,
            availabilities,
            headrooms,
            forwarded);
    this.routes = new RoutePublisher(tables, derived, neighbourhood, availabilities, watch);
    this.exclusion =
        new Exclusion(
            self,
            names::of,
            events,
            step -> thread.after(CUT_OFF_AFTER, step),
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
            this::tellServes);
    this.health =
        new HealthNews(
            thread,
            neighbourhood,
            checks,
            repairs.probes(),
            derived,
            lookout,
            events,
            this::publishAndTell);
    this.shadows = new ShadowChoice(self, introduction::who, peers);
    this.bulletin =
        new Bulletin(
            traffic,
            forwarded,
            announcer,
            neighbourhood,
            derived,
            records,
            shadows,
            peers,
            peer -> transport.send(peer, Channels.GREETING, NOTHING));
    this.lateLooks =
        new LateLooks(
            System::nanoTime,
            thread::after,
            new Truths(self, derived::catalogue, tables, peers, derived::trust),
            neighbourhood::reach);
    this.colony = new Colony(self, tables);
    // Windows, messages, the end.
    Contacts contacts = new Contacts(identity.key(), meshId);
    this.windows =
        new WindowTurns(
            new WindowRecorder(traffic, forwarded, contacts, peers::hears),
            contacts,
            records::append,
            () -> windowMillis(ledger),
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
  }

  private static OptionalLong windowMillis(Ledger ledger) {
    return ledger
        .roster()
        .mesh()
        .map(MeshInfo::windowMillis)
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /// Starts to take part. Any thread, once.
  public void start() {
    thread.execute(() -> {
      records.ledger().confineTo(Thread.currentThread());
      consequences.atStart();
      derived.start();
      introduction.tell();
    });
    transport.start(new Hearing());
    thread.every(GOSSIP_TICK, this::gossipTick);
    thread.every(REPAIR_TICK, this::repairTick);
    thread.every(LEARNING_TICK, () -> tables.classes().turn(System.nanoTime()));
    thread.every(SECOND, this::second);
  }

  private final class Hearing implements Transport.Listener {
    @Override
    public void message(PeerId from, int channel, byte[] payload) {
      thread.executeOrDrop(() -> intake.receive(from, channel, payload));
    }

    @Override
    public void view(SortedSet<PeerId> reachable) {
      thread.execute(() -> exclusion.viewed(reachable));
    }
  }

  private void welcome(SortedSet<PeerId> reachable) {
    peers.view(reachable, System.nanoTime());
    records.peers(peers.reachable());
    routes.publish();
  }

  private void membersChanged(List<MemberChange> changes) {
    changes.forEach(memberLog::tell);
    routes.stale();
    lookout.alert();
  }

  private void rumored(NodeId peer, String key) {
    if (ROUTING_RUMORS.contains(key)) {
      routes.stale();
    }
    if (key.equals(Truth.KEY)) {
      lateLooks.heard(peer);
    }
  }

  private void derived(SignedRecord record) {
    consequences.of(record);
  }

  private void derivedAnew() {
    consequences.ofAll();
    if (begun.complete(true)) {
      attestation.start(nowMillis());
    }
  }

  /// Does some work on the mesh thread, once it is known what follows from what the ledger held at
  /// the start. Any thread.
  <T> CompletableFuture<T> ask(Callable<T> work) {
    return begun.thenCompose(_ -> thread.ask(work));
  }

  /// Done when that is known, and the routes that follow from it are in use. Any thread.
  public CompletionStage<Boolean> routed() {
    return begun;
  }

  /// Whether that is known. Any thread.
  boolean begun() {
    return begun.isDone();
  }

  private void repairTick() {
    vigil.ticked(REPAIR_TICK.toNanos(), System.nanoTime());
    lookout.tick();
  }

  private void look(long nowNanos) {
    if (!begun()) {
      return; // what others decided is not known yet
    }
    repairs.step(nowNanos);
    long next = repairs.hurriesAtNanos();
    if (next != Long.MAX_VALUE && next - nowNanos > 0) {
      lookout.hurry(Duration.ofNanos(next - nowNanos));
    }
  }

  private void gossipTick() {
    peers.tick(System.nanoTime(), vigil.patience());
    lateLooks.tick();
    records.tick();
    acknowledgements.look();
    if (windows.tick(peers.reachable())) {
      routes.stale();
    }
    routes.refresh();
    laboratory.tick(System.nanoTime());
  }

  private void second() {
    long now = System.nanoTime();
    bulletin.tell(nowMillis() / 1_000, now);
    wallClocks.second(now);
    vigil.second(now);
    attestation.second(clock.now());
    onPeers.run();
    Set<NodeId> live = new TreeSet<>(Set.of(self));
    peers.all().stream().filter(Peers.Peer::alive).forEach(peer -> live.add(peer.id()));
    if (begun() && cheats.step(live, now)) {
      routes.stale();
    }
    // How far peers are changes a little with each of their answers: this often is enough.
    if (tables.warming() || !peers.reachable().isEmpty()) {
      routes.stale();
    }
    if (headrooms.second(now)) {
      routes.stale();
    }
    rates.second(tables.meshLimits(), peers, now);
    colony.second(peers, nowMillis() / 1_000, now);
    cookieKeys.second(peers, now);
    pruning.second(live, nowMillis());
    gauges =
        Gauges.of(peers, records, derived, thread, intake.malformed(), repairs, vigil.patience());
  }

  /// Says goodbye to every peer and writes what is open. Blocks until done, at most six seconds.
  /// Any thread but the mesh's.
  public void stop() {
    farewell.say(windows, records, peers::reachable);
  }

  /// The newest route table. Any thread.
  public RouteTable routes() {
    return routes.current();
  }

  /// Publishes a route table now if something has changed since the last. Mesh thread.
  void routesUpToDate() {
    routes.refresh();
  }

  /// Hears the proxy's outcomes. Any thread.
  public EndpointWatch outcomes() {
    return watch;
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

  /// Changes catalogue and contracts as one: `plan` sees what stands of both and says what is to be
  /// written, and nothing comes between. All of it is written or, if records cannot be written now,
  /// nothing. Completes when the records are durable and requests find what they say, and fails
  /// with [NotDurable] when it is not known after some seconds whether they are; any thread.
  public CompletableFuture<List<SignedRecord>> change(
      BiFunction<List<Catalogue.Standing>, List<Contracts.Standing>, List<Body>> plan) {
    CompletableFuture<List<SignedRecord>> written =
        ask(
                () -> {
                  List<Body> bodies =
                      plan.apply(derived.standing(), derived.contracts().standing());
                  return bodies.isEmpty()
                      ? CompletableFuture.completedFuture(List.<SignedRecord>of())
                      : records.appendAll(bodies);
                })
            .thenCompose(each -> each);
    return NotDurable.after(NotDurable.PATIENCE, written)
        .thenCompose(done ->
            thread.ask(() -> {
              routes.refresh();
              return done;
            }));
  }

  /// The newest change of each key of the catalogue, now. Any thread.
  public CompletableFuture<List<Catalogue.Standing>> catalogueStanding() {
    return ask(derived::standing);
  }

  /// The mesh's experiments for people. Any thread.
  CompletableFuture<List<ExperimentView>> experiments() {
    return ask(
        () -> ExperimentViews.of(tables.experiments().all(), laboratory, derived.conclusions()));
  }

  /// What the experiments counted on this node. Any thread.
  public List<Experiments.Counted> experimentsCounted() {
    return tables.experiments().counted();
  }

  /// Ends the experiments of that name that go on here. Any thread; the records are durable when it
  /// completes.
  CompletableFuture<List<SignedRecord>> stopExperiments(String name) {
    return ask(() -> laboratory.stop(name, System.nanoTime())).thenCompose(each -> each);
  }

  /// Takes the node out of traffic or back in. Any thread.
  public void drain(boolean draining) {
    thread.execute(() -> {
      if (!draining) {
        repairs.retreat().overrule();
      }
      introduction.drain(draining);
    });
  }

  /// Takes the node out of traffic or back in, as the mesh decided.
  void retreat(boolean away) {
    introduction.retreat(away);
  }

  /// How clients are sent elsewhere without a refusal, each once. Any thread.
  public void sendAway(Runnable how) {
    thread.execute(() -> repairs.retreat().sendAway(how));
  }

  /// The mesh port's real address, once it is bound. Any thread.
  public void meshAddress(String address) {
    thread.execute(() -> introduction.meshAddress(address));
  }

  long nowMillis() {
    return HybridClock.millis(clock.now());
  }

  NodeId self() {
    return self;
  }

  /// The mesh's id. Any thread.
  Hash meshId() {
    return meshId;
  }

  /// This node's identity. Any thread.
  public NodeId id() {
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

  /// Hears that connections of members that were revoked are to be closed now. Before [#start];
  /// called on the mesh thread.
  public void onRevoked(Runnable listener) {
    exclusion.onRevoked(listener);
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

  Optional<String> regionOf(NodeId node) {
    return neighbourhood.regionOf(node);
  }

  /// Who reaches what, as the members stand now.
  Reach reach() {
    assert thread.inside();
    return neighbourhood.reach();
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

  /// How much of the ledger is kept from now on. Any thread, once it was said before [#start].
  public void retain(RetentionLimits limits) {
    thread.execute(() -> pruning.limits(limits));
  }

  /// What services get that say nothing themselves, from now on. Any thread.
  public void usual(LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts) {
    thread.execute(() -> {
      tables.usual(locality, retries, timeouts);
      routes.publish();
    });
  }

  /// How much of the ledger is kept. Before [#start].
  public void retention(RetentionLimits limits) {
    pruning.limits(limits);
  }

  Pruning pruning() {
    assert thread.inside();
    return pruning;
  }

  /// Checkpoints and proofs.
  public Attestation attestation() {
    return attestation;
  }

  TrafficHistory traffic() {
    return traffic;
  }

  TrafficHistory forwarded() {
    return forwarded;
  }

  Announcer announcer() {
    assert thread.inside();
    return announcer;
  }

  RouteTables tables() {
    return tables;
  }

  Repairs repairs() {
    assert thread.inside();
    return repairs;
  }

  ShadowChoice shadows() {
    assert thread.inside();
    return shadows;
  }

  Vigil vigil() {
    assert thread.inside();
    return vigil;
  }

  /// What this node may do to heal the mesh, from now on. Any thread.
  public void healing(HealingPlan plan) {
    thread.execute(() -> repairs.plan(plan));
  }

  /// What this node's data lie on, and how much of its ledger was damaged when it was opened.
  /// Before [#start].
  ///
  /// @param freeBytes of the disk; asked for on the mesh thread
  public void storage(LongSupplier freeBytes, int damages) {
    vigil.storage(freeBytes, damages);
  }

  /// Checks and probes of endpoints. Any thread.
  public HealthNews health() {
    return health;
  }

  private void tellServes() {
    peers.tellUrgently(neighbourhood.serves(), System.nanoTime());
  }

  private void publishAndTell() {
    routes.publish();
    tellServes();
  }

  /// What this node found in DNS, by service: all of it. Any thread.
  public void discovered(Map<String, List<PutEndpoint>> found) {
    thread.execute(() -> {
      derived.discovered(found);
      publishAndTell();
    });
  }

  /// What this node's checks found. Any thread.
  HealthBook checks() {
    return checks;
  }

  /// Requests that went elsewhere because endpoints may not be used, by service. Any thread.
  public Map<String, SteeredAway> steeredAway() {
    return tables.steered();
  }

  Availabilities availabilities() {
    return availabilities;
  }

  /// Services of which doubtful endpoints are used too. Any thread.
  public Panics panics() {
    return tables.panics();
  }

  /// Whether this node is admitted and knows its mesh. Any thread.
  public CompletableFuture<Boolean> admitted() {
    return ask(() ->
        records.ledger().roster().mesh().isPresent()
            && records.ledger().roster().member(self()).isPresent()
            && records.ledger().writable());
  }

  /// The documents of the mesh's routes by name, now. Any thread.
  public CompletableFuture<Map<String, String>> routeDocuments() {
    return ask(derived::routes);
  }

  /// The contracts that stand, now. Any thread.
  public CompletableFuture<List<Contracts.Standing>> contracts() {
    return ask(() -> derived.contracts().standing());
  }

  /// What is wrong with a contract's document. Any thread.
  CompletableFuture<List<Document.Fault>> checkContract(String document) {
    return derived.contracts().check(document);
  }

  /// The catalogue now. Any thread.
  public CompletableFuture<Map<String, Catalogue.Entry>> catalogue() {
    return ask(() -> Map.copyOf(derived.catalogue()));
  }

  EventLog events() {
    return events;
  }

  MeshThread thread() {
    return thread;
  }
}
