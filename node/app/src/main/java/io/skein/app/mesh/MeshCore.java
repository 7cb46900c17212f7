package io.skein.app.mesh;

import io.skein.app.catalogue.Catalogue;
import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.membership.MemberChange;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import io.skein.proxy.health.Check;
import io.skein.proxy.health.CheckResult;
import io.skein.proxy.health.EndpointHealth;
import io.skein.proxy.health.HealthBook;
import io.skein.proxy.route.RouteTable;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.snapshot.Scores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node's part in the mesh: takes messages, views and time, keeps ledger, peers, catalogue,
/// reputation and repairs in step, and publishes the route table. Everything runs on the mesh
/// thread; the methods that other threads may call say so.
public final class MeshCore {
  private static final Logger LOG = LoggerFactory.getLogger(MeshCore.class);

  /// Channels of the transport; the low ones overtake.
  static final int STATE = 1;

  static final int CONTACT = 2;
  static final int GOODBYE = 3;
  static final int GREETING = 4;
  static final int RECORDS = 32;

  private static final int MAX_TOLD = 1_024;
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] HEARD = {1};
  private static final Duration FAREWELL = Duration.ofMillis(500);
  private static final Duration CUT_OFF_AFTER = Duration.ofMillis(500);
  private static final Duration GOSSIP_TICK = Duration.ofMillis(200);
  private static final Duration REPAIR_TICK = Duration.ofMillis(100);
  // While nothing has failed for a while the healer looks at every third tick only.
  private static final Duration ALERT = Duration.ofSeconds(5);
  private static final int CALM_TICKS = 3;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MeshIdentity identity;
  private final MeshThread thread;
  private final Transport transport;
  private final HybridClock clock;
  private final Peers peers;
  private final Records records;
  private final Derived derived;
  private final Cheats cheats;
  private final Pruning pruning;
  private final Ladders ladders;
  private final Attestation attestation;
  private final Acknowledgements acknowledgements;
  private final Contacts contacts;
  private final TrafficHistory traffic = new TrafficHistory();
  private final TrafficHistory forwarded = new TrafficHistory();
  private final EndpointWatch watch;
  private final WindowRecorder windows;
  private final Announcer announcer;
  private final RouteTables tables;
  private final HealthBook checks;
  private final Availabilities availabilities;
  private final Repairs repairs;
  private final Neighbourhood neighbourhood;
  private final EventLog events;
  private volatile RouteTable routes = RouteTable.EMPTY;
  private volatile Gauges gauges = new Gauges(1, 0, 0, 0, 0, Map.of(), Map.of(), 0, 0, 0, true);
  private volatile Consumer<RosterSnapshot> onRoster = _ -> {};
  private volatile Runnable onPeers = () -> {};
  private volatile Optional<Windows> onWindows = Optional.empty();
  private volatile BiConsumer<SignedRecord, ServiceChange> onOwnChange = (_, _) -> {};
  private volatile Rumor.Who who;
  private long currentWindow = -1;
  private boolean routesDirty = true;
  private boolean repairScheduled;
  private long alarmNanos = System.nanoTime();
  private int calmTicks;
  private volatile Standing standing = new Standing.Current();
  private volatile Runnable onRevoked = () -> {};
  private Set<NodeId> revoked = Set.of();
  private SortedSet<PeerId> view = Collections.emptySortedSet();
  private final Set<PeerId> toldMalformed = new HashSet<>();
  private long malformedMessages;
  private volatile CountDownLatch farewell = new CountDownLatch(0);

  /// Who this node is.
  ///
  /// @param key its key
  /// @param who what it says of itself at the start
  public record MeshIdentity(SigningKey key, Rumor.Who who) {
    /// Its identity.
    public NodeId id() {
      return key.nodeId();
    }
  }

  public MeshCore(
      MeshIdentity identity,
      Ledger ledger,
      HybridClock clock,
      Transport transport,
      MeshThread thread,
      RouteTables tables,
      EventLog events,
      RandomGenerator random) {
    this.identity = identity;
    this.who = identity.who();
    this.thread = thread;
    this.transport = transport;
    this.clock = clock;
    this.tables = tables;
    this.events = events;
    this.peers =
        new Peers(
            identity.id(),
            identity.who().startedMillis(),
            (to, message) -> transport.send(to, STATE, message),
            random,
            this::membersChanged,
            _ -> routesDirty = true);
    Reconciler reconciler =
        new Reconciler(
            ledger,
            (to, message) -> transport.send(Peers.peerId(to), RECORDS, message),
            random,
            ReconcilerConfig.defaults(),
            new SyncLog(this::nameOf, events),
            SignatureWorkers.ofProcessors());
    this.records = new Records(ledger, reconciler, thread, System::nanoTime);
    this.derived = new Derived(ledger, thread::execute, this::recordDerived, this::derivedAnew);
    this.cheats = new Cheats(ledger, derived, records::append, this::nameOf, events);
    this.pruning = new Pruning(records, derived, this::nameOf, events);
    this.ladders = new Ladders(records, identity.id());
    this.attestation =
        new Attestation(identity.key(), records, derived, thread, this::nameOf, events);
    this.ladders.witnesses(attestation);
    this.acknowledgements = new Acknowledgements(ladders, thread, System::nanoTime);
    this.contacts = new Contacts(identity.key(), ledger.meshId());
    this.watch = new EndpointWatch(traffic, forwarded, this::alarm);
    this.windows = new WindowRecorder(traffic, forwarded, contacts);
    this.announcer = new Announcer(traffic);
    this.checks = new HealthBook(() -> Instant.ofEpochMilli(nowMillis()));
    this.availabilities = new Availabilities(derived, checks, this::nowMillis);
    this.neighbourhood =
        new Neighbourhood(identity.id(), who.region(), peers, derived, tables, availabilities);
    this.repairs = new Repairs(this);
  }

  /// Starts to take part. Any thread, once.
  public void start() {
    thread.execute(() -> {
      derived.start();
      attestation.start(HybridClock.millis(clock.now()));
      tellWho();
      publishRoutes();
    });
    transport.start(new Hearing());
    thread.every(GOSSIP_TICK, this::gossipTick);
    thread.every(REPAIR_TICK, this::repairTick);
    thread.every(SECOND, this::second);
  }

  private final class Hearing implements Transport.Listener {
    @Override
    public void message(PeerId from, int channel, byte[] payload) {
      thread.executeOrDrop(() -> received(from, channel, payload));
    }

    @Override
    public void view(SortedSet<PeerId> reachable) {
      thread.execute(() -> viewed(reachable));
    }
  }

  private void received(PeerId from, int channel, byte[] payload) {
    long now = System.nanoTime();
    if (revoked.contains(Peers.nodeId(from))) {
      return;
    }
    peers.sighted(from, now);
    switch (channel) {
      case STATE -> {
        if (!peers.receive(from, payload, now)) {
          malformed(from, "state exchange");
        }
      }
      case CONTACT -> {
        if (payload.length != Contacts.MESSAGE_BYTES) {
          malformed(from, "contact");
        } else {
          contacts.receive(Peers.nodeId(from), payload, currentWindow);
        }
      }
      case GOODBYE -> {
        if (payload.length == 0) {
          peers.leaving(from, now);
          transport.send(from, GOODBYE, HEARD);
        } else {
          farewell.countDown();
        }
      }
      case GREETING -> {
        // Having been heard of is all there is to it.
      }
      case RECORDS -> {
        records.receive(Peers.nodeId(from), payload);
        acknowledgements.mayHaveChanged();
      }
      default -> LOG.debug("a message on unknown channel {} from {}", channel, from);
    }
  }

  // Once per peer: a peer that floods cannot fill the log.
  private void malformed(PeerId from, String what) {
    malformedMessages++;
    if (toldMalformed.size() < MAX_TOLD && toldMalformed.add(from)) {
      String name = nameOf(Peers.nodeId(from));
      LOG.atWarn().addKeyValue("peer", name).log("malformed {} message dropped", what);
      events.add("ledger", "warning", name, "sent a malformed " + what + " message");
    }
  }

  private void viewed(SortedSet<PeerId> reachable) {
    view = reachable;
    SortedSet<PeerId> welcome = new TreeSet<>(reachable);
    if (standing.serves()) {
      welcome.removeIf(peer -> revoked.contains(Peers.nodeId(peer)));
    } else {
      welcome.clear();
    }
    peers.view(welcome, System.nanoTime());
    records.peers(peers.reachable());
    publishRoutes();
  }

  private void membersChanged(List<MemberChange> changes) {
    for (MemberChange change : changes) {
      NodeId id = Peers.nodeId(change.member().peer());
      String name = nameOf(id);
      String state = change.member().state().name().toLowerCase(java.util.Locale.ROOT);
      String level =
          switch (change.member().state()) {
            case ALIVE, LEFT -> "info";
            case SUSPECT -> "warning";
            case DEAD -> "error";
          };
      events.add("member", level, name, "is " + state);
      LOG.atInfo().addKeyValue("peer", name).log("peer is {}", state);
    }
    routesDirty = true;
    alarmNanos = System.nanoTime();
  }

  private void recordDerived(SignedRecord record) {
    switch (record.body()) {
      case Body.Service service -> {
        if (record.author().equals(identity.id())) {
          onOwnChange.accept(record, service.change());
        }
        catalogueChanged();
        routesDirty = true;
      }
      case Body.Heal heal -> {
        repairs.recordDerived(record, heal);
        publishRoutes();
        peers.tellUrgently(neighbourhood.serves(), System.nanoTime());
      }
      case Body.Genesis _, Body.Invite _, Body.Join _, Body.Revoke _, Body.Rotate _ ->
          rosterChanged(records.ledger().roster().snapshot());
      case Body.Epoch _ -> onRoster.accept(records.ledger().roster().snapshot());
      case Body.Performance _,
          Body.Receipts _,
          Body.Checkpoint _,
          Body.Cosign _,
          Body.ForkProof _,
          Body.Snapshot _,
          Body.Reserved _ -> {
        // Nothing on the request path follows from these at once.
      }
    }
  }

  /// Records stopped counting, or others speak now: whatever followed from the old state is redone.
  private void derivedAnew() {
    rosterChanged(records.ledger().roster().snapshot());
    publishRoutes();
    peers.tellUrgently(neighbourhood.serves(), System.nanoTime());
  }

  private void rosterChanged(RosterSnapshot roster) {
    onRoster.accept(roster);
    // Whose word counts may have changed, and with it all that follows from words.
    catalogueChanged();
    routesDirty = true;
    Standing now = Standing.of(roster, identity.id());
    if (!now.equals(standing)) {
      standing = now;
      switch (now) {
        case Standing.Current _ -> {
          // As it was.
        }
        case Standing.Rotated _ -> {
          records.end(now.detail());
          events.add("node", "warning", who.name(), now.detail());
          LOG.warn("this node's identity was {}", now.detail());
        }
        case Standing.Revoked _ -> {
          records.end(now.detail());
          events.add("node", "error", who.name(), now.detail());
          LOG.error("this node's identity was {}", now.detail());
        }
      }
    }
    if (!roster.revocations().keySet().equals(revoked)) {
      // They shall hear of it before they are cut off.
      thread.after(CUT_OFF_AFTER, () -> cutOff(roster));
    }
  }

  private void cutOff(RosterSnapshot roster) {
    for (NodeId id : roster.revocations().keySet()) {
      if (!revoked.contains(id)) {
        events.add("member", "warning", nameOf(id), "was revoked and is cut off");
      }
    }
    revoked = Set.copyOf(roster.revocations().keySet());
    onRevoked.run();
    viewed(view);
  }

  private void catalogueChanged() {
    Map<String, Long> slowAfter = new HashMap<>();
    Set<String> endpoints = new HashSet<>();
    for (Catalogue.Entry entry : derived.catalogue().values()) {
      slowAfter.put(
          entry.service().service(),
          TimeUnit.MILLISECONDS.toNanos(entry.service().slowAfterMillis()));
      entry.endpoints().forEach(endpoint -> endpoints.add(endpoint.endpoint()));
    }
    watch.catalogue(slowAfter, endpoints);
  }

  // ---- time ----

  private void gossipTick() {
    long now = System.nanoTime();
    peers.tick(now);
    records.tick();
    acknowledgements.look();
    windowTick();
    if (routesDirty) {
      publishRoutes();
    }
  }

  private void windowTick() {
    Optional<Long> length = windowMillis();
    if (length.isEmpty()) {
      return;
    }
    long window = HybridClock.millis(clock.now()) / length.get();
    if (currentWindow >= 0 && window > currentWindow) {
      windows.close(currentWindow).ifPresent(records::append);
    }
    if (window != currentWindow) {
      onWindows.ifPresent(listener -> listener.began(window, length.get()));
      currentWindow = window;
      routesDirty = true;
    }
    contacts.acknowledge(
        peers.reachable(),
        window,
        (to, message) -> transport.send(Peers.peerId(to), CONTACT, message));
  }

  private void second() {
    long now = System.nanoTime();
    long unixSecond = HybridClock.millis(clock.now()) / 1_000;
    traffic.second(unixSecond);
    forwarded.second(unixSecond);
    announcer.second();
    peers.tell(announcer.load(neighbourhood.inFlight()), now);
    peers.tell(announcer.forecasts(), now);
    peers.tell(neighbourhood.serves(), now);
    Derived.Scored scored = derived.scored();
    peers.tell(
        new Rumor.Roots(
            scored.headsRoot(), scored.scores().repRoot(), records.ledger().recordCount()),
        now);
    peers.tell(repairs.chooseShadows(), now);
    for (NodeId peer : peers.reachable()) {
      transport.send(Peers.peerId(peer), GREETING, NOTHING);
    }
    attestation.second(clock.now());
    onPeers.run();
    Set<NodeId> live = new TreeSet<>(Set.of(identity.id()));
    peers.all().stream().filter(Peers.Peer::alive).forEach(peer -> live.add(peer.id()));
    routesDirty |= cheats.step(live, now);
    pruning.second(live, HybridClock.millis(clock.now()));
    gauges =
        new Gauges(
            1 + (int) peers.all().stream().filter(Peers.Peer::alive).count(),
            records.ledger().recordCount(),
            derived.verdicts().allSetAside().size(),
            thread.waiting(),
            thread.dropped(),
            records.refusals(),
            records.ignored(derived.ignored()),
            records.forks(),
            malformedMessages,
            records.ledger().storageFailures(),
            records.storageFailure().isEmpty());
  }

  private void repairTick() {
    long now = System.nanoTime();
    if (now - alarmNanos < ALERT.toNanos() || calmTicks++ % CALM_TICKS == 0) {
      repairs.step(now);
    }
  }

  /// An endpoint begins to fail: looks at once instead of at the next tick. Any thread.
  private void alarm() {
    thread.execute(() -> {
      alarmNanos = System.nanoTime();
      if (!repairScheduled) {
        repairScheduled = true;
        thread.after(
            Duration.ofMillis(10),
            () -> {
              repairScheduled = false;
              repairTick();
            });
      }
    });
  }

  // ---- routes ----

  void publishRoutes() {
    routesDirty = false;
    Scores scores = derived.scored().scores();
    routes =
        tables.build(
            derived.catalogue(),
            neighbourhood.reach(),
            availabilities::of,
            endpoint -> scores.of(new EndpointSubject(endpoint)).q30(),
            neighbourhood.offers(scores));
  }

  // ---- for others ----

  /// The newest route table. Any thread.
  public RouteTable routes() {
    return routes;
  }

  /// Hears the proxy's outcomes. Any thread.
  public EndpointWatch outcomes() {
    return watch;
  }

  /// Appends a record. Any thread; the future completes when it is durable.
  public CompletableFuture<SignedRecord> append(Body body) {
    return records.append(body);
  }

  /// Takes the node out of traffic or back in. Any thread.
  public void drain(boolean draining) {
    thread.execute(() -> {
      who = who.withDraining(draining);
      tellWho();
      events.add("node", "info", who.name(), draining ? "draining" : "takes traffic again");
    });
  }

  /// The mesh port's real address, once it is bound. Any thread.
  public void meshAddress(String address) {
    thread.execute(() -> {
      who = who.withMeshAddress(address);
      tellWho();
    });
  }

  private void tellWho() {
    peers.tellUrgently(who, System.nanoTime());
  }

  /// Says goodbye to every peer and writes what is open. Blocks until done, at most five seconds.
  public void stop() {
    try {
      thread
          .ask(() -> {
            if (windowMillis().isPresent()) {
              windows.close(currentWindow).ifPresent(records::append);
            }
            return true;
          })
          .thenCompose(_ ->
              onWindows
                  .map(listener ->
                      listener
                          .end()
                          .completeOnTimeout(false, 1, TimeUnit.SECONDS)
                          .exceptionally(_ -> false))
                  .orElseGet(() -> CompletableFuture.completedFuture(true)))
          .thenCompose(_ ->
              thread.ask(() -> {
                records.close();
                farewell = new CountDownLatch(peers.reachable().size());
                for (NodeId peer : peers.reachable()) {
                  transport.send(Peers.peerId(peer), GOODBYE, NOTHING);
                }
                return true;
              }))
          .get(5, TimeUnit.SECONDS);
      // Who leaves before it was heard looks dead, and its share would be covered for nothing.
      if (!farewell.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("not every peer heard the goodbye in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.warn("the goodbye was not finished: {}", e.toString());
    }
  }

  Optional<Long> windowMillis() {
    return records.ledger().roster().mesh().map(mesh -> mesh.windowMillis());
  }

  /// The name of a node given by its id in text form; the text itself if it is none.
  String nameOfText(String id) {
    try {
      return nameOf(NodeId.parse(id));
    } catch (IllegalArgumentException e) {
      return id;
    }
  }

  String nameOf(NodeId node) {
    if (node.equals(identity.id())) {
      return who.name();
    }
    return peers
        .who(node)
        .map(Rumor.Who::name)
        .or(() -> records.ledger().roster().member(node).map(member -> member.name()))
        .orElse(node.toString());
  }

  /// The member of that id or, if it is the only one of that name, of that name; for one that was
  /// handed on, whoever holds it now.
  Optional<NodeId> findNode(String idOrName) {
    List<NodeId> found = findNodes(idOrName);
    return found.size() == 1
        ? Optional.of(records.ledger().roster().snapshot().current(found.getFirst()))
        : Optional.empty();
  }

  /// The member of that id, or else those of that name that have not ended, or else those that
  /// have.
  List<NodeId> findNodes(String idOrName) {
    List<Member> members = records.ledger().roster().members();
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

  Optional<String> regionOf(NodeId node) {
    return node.equals(identity.id())
        ? Optional.of(who.region())
        : peers.who(node).map(Rumor.Who::region);
  }

  long nowMillis() {
    return HybridClock.millis(clock.now());
  }

  NodeId self() {
    return identity.id();
  }

  /// This node's identity. Any thread.
  public NodeId id() {
    return identity.id();
  }

  /// Hears of every change of the roster. Before [#start]; called on the mesh thread.
  public void onRoster(Consumer<RosterSnapshot> listener) {
    onRoster = listener;
  }

  /// Hears of every change of the catalogue that this node has written. Before [#start]; called on
  /// the mesh thread.
  public void onOwnChange(BiConsumer<SignedRecord, ServiceChange> listener) {
    onOwnChange = listener;
  }

  /// How this node stands in its own ledger. Any thread.
  Standing standing() {
    return standing;
  }

  /// Hears that connections of members that were revoked are to be closed now. Before [#start];
  /// called on the mesh thread.
  public void onRevoked(Runnable listener) {
    onRevoked = listener;
  }

  /// Hears that peers have come. Called on the mesh thread.
  public void onPeers(Runnable listener) {
    onPeers = listener;
  }

  /// Hears of the mesh's windows.
  public interface Windows {
    /// A window has begun; those before it have ended. On the mesh thread; returns at once.
    ///
    /// @param millis length of a window
    void began(long window, long millis);

    /// The node stops: all windows have ended. Completed when what is to be recorded of them was
    /// handed over; waited for a second at most.
    CompletableFuture<Boolean> end();
  }

  /// Hears of windows. Before [#start].
  public void onWindows(Windows listener) {
    onWindows = Optional.of(listener);
  }

  /// Figures for metrics, as of the last second. Any thread.
  public Gauges gauges() {
    return gauges;
  }

  /// Figures of the mesh.
  ///
  /// @param aliveMembers members alive, this node included
  /// @param records records held
  /// @param setAside endpoints set aside
  /// @param waiting messages waiting for the mesh thread
  /// @param dropped messages dropped because too many waited
  /// @param refused records refused, by reason
  /// @param ignored records that count for nothing, by reason
  /// @param forks feeds proven forked
  /// @param malformed messages of state exchange and contact that were none
  /// @param storageFailures how often records could not be made durable
  /// @param storageSound whether records can be made durable now
  public record Gauges(
      int aliveMembers,
      long records,
      int setAside,
      int waiting,
      long dropped,
      Map<String, Long> refused,
      Map<String, Long> ignored,
      long forks,
      long malformed,
      long storageFailures,
      boolean storageSound) {
    public Gauges {
      refused = Map.copyOf(refused);
      ignored = Map.copyOf(ignored);
    }
  }

  /// The reasons for which records are refused, as metrics name them.
  public static List<String> refusals() {
    return Arrays.stream(Refusal.values()).map(Records::word).toList();
  }

  /// The reasons for which records are ignored, as metrics name them.
  public static List<String> reasonsToIgnore() {
    return List.of(Records.REPLAYED, Speakers.ENDED, Speakers.STRANGER);
  }

  Rumor.Who who() {
    return who;
  }

  /// Who reaches what, as the members stand now.
  Reach reach() {
    return neighbourhood.reach();
  }

  Peers peers() {
    return peers;
  }

  Records records() {
    return records;
  }

  Derived derived() {
    return derived;
  }

  Ladders ladders() {
    return ladders;
  }

  Acknowledgements acknowledgements() {
    return acknowledgements;
  }

  /// How much of the ledger is kept. Before [#start].
  public void retention(RetentionLimits limits) {
    pruning.limits(limits);
  }

  Pruning pruning() {
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
    return announcer;
  }

  RouteTables tables() {
    return tables;
  }

  Repairs repairs() {
    return repairs;
  }

  /// Who probes endpoints when the healer wants it. Before [#start].
  public void prober(Prober prober) {
    repairs.prober(prober);
  }

  /// A probe or check ended. Any thread.
  ///
  /// @param ok whether the endpoint may take requests
  /// @param unreachable whether there was not even an answer
  public void probed(String endpoint, boolean ok, boolean unreachable, long latencyNanos) {
    thread.execute(() -> {
      if (!ok) {
        alarmNanos = System.nanoTime();
      }
      repairs.probed(endpoint, ok, unreachable, latencyNanos);
    });
  }

  /// A check of the endpoint's service ended. Any thread.
  public void checked(Check check, CheckResult result) {
    String endpoint = check.endpointId();
    boolean changed = checks.add(endpoint, result, check.pace());
    EndpointHealth.State state = checks.of(endpoint).state();
    thread.execute(() -> {
      if (!result.ok()) {
        alarmNanos = System.nanoTime();
      }
      // While it is set aside the healer's own probes decide when it comes back.
      if (derived.verdicts().setAside(endpoint).isEmpty()) {
        repairs.checked(endpoint, result, state);
      }
      if (changed) {
        healthChanged(endpoint, state);
      }
    });
  }

  private void healthChanged(String endpoint, EndpointHealth.State state) {
    publishRoutes();
    peers.tellUrgently(neighbourhood.serves(), System.nanoTime());
    switch (state) {
      case UNHEALTHY ->
          events.add(
              "health", "warning", endpoint, "is unhealthy: " + checks.of(endpoint).reason());
      case HEALTHY -> events.add("health", "info", endpoint, "is healthy");
      case UNKNOWN -> {
        // Nobody has found out anything.
      }
    }
  }

  /// What this node found in DNS, by service: all of it. Any thread.
  public void discovered(Map<String, List<PutEndpoint>> found) {
    thread.execute(() -> {
      derived.discovered(found);
      catalogueChanged();
      publishRoutes();
      peers.tellUrgently(neighbourhood.serves(), System.nanoTime());
    });
  }

  /// What this node's checks found. Any thread.
  public HealthBook checks() {
    return checks;
  }

  Availabilities availabilities() {
    return availabilities;
  }

  /// Probes an endpoint once and reports by [#probed]. Called on the mesh thread; must not block.
  @FunctionalInterface
  public interface Prober {
    void probe(PutService service, PutEndpoint endpoint);
  }

  /// Endpoints this node should check at intervals: those it reaches, with the service of each.
  /// Completes soon. Any thread.
  public CompletableFuture<List<Checkable>> checkable() {
    return thread.ask(() -> {
      Reach reach = neighbourhood.reach();
      List<Checkable> all = new ArrayList<>();
      for (Catalogue.Entry entry : derived.catalogue().values()) {
        for (PutEndpoint endpoint : entry.endpoints()) {
          if (reach.reaches(endpoint)) {
            all.add(new Checkable(entry.service(), endpoint));
          }
        }
      }
      return all;
    });
  }

  /// An endpoint with its service.
  public record Checkable(PutService service, PutEndpoint endpoint) {}

  /// Whether this node is admitted and knows its mesh. Any thread.
  public CompletableFuture<Boolean> admitted() {
    return thread.ask(() ->
        records.ledger().roster().mesh().isPresent()
            && records.ledger().roster().member(self()).isPresent()
            && records.ledger().writable());
  }

  /// The catalogue now. Any thread.
  public CompletableFuture<Map<String, Catalogue.Entry>> catalogue() {
    return thread.ask(() -> Map.copyOf(derived.catalogue()));
  }

  EventLog events() {
    return events;
  }

  MeshThread thread() {
    return thread;
  }
}
