package io.skein.simulator.mesh;

import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.state.StateConfig;
import io.skein.gossip.state.StateExchange;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import io.skein.ledger.admission.Branches;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.FeedCut;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContactAcknowledgement;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import io.skein.ledger.sync.ReconcilerListener;
import io.skein.ledger.sync.Workers;
import io.skein.ledger.witness.LedgerFacts;
import io.skein.ledger.witness.Notary;
import io.skein.reputation.evidence.AcknowledgementCheck;
import io.skein.reputation.score.LedgerRaters;
import io.skein.reputation.score.Reputation;
import io.skein.reputation.snapshot.Scores;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A node from its start to its stop or crash: one thread's worth of ledger, reconciliation, state
/// exchange, catalogue and reputation, wired as in a real node.
final class NodeLife {
  private static final int STATE_CHANNEL = 1;
  private static final int LEDGER_CHANNEL = Transport.FIRST_BULK_CHANNEL;
  private static final String ACKNOWLEDGEMENTS = "acknowledgements";
  private static final long LEDGER_TICK_NANOS = Duration.ofMillis(150).toNanos();
  private static final long STATE_TICK_NANOS = Duration.ofMillis(200).toNanos();
  private static final int SCRUB_BYTES = 64 << 10;
  private static final String CLOCK = "clock";
  private static final long CLOCK_TICK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long CLOCK_STALE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long NOTARY_TICK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long DISK_RETRY_NANOS = Duration.ofMillis(250).toNanos();
  private static final long NANOS_PER_MILLI = 1_000_000;

  /// Little is written in a storm: short runs are long ones there.
  private static final int RUN_RECORDS = 3;

  /// One in so many peers asks for anything in a window.
  private static final int CONTACTS_IN = 3;

  /// Where and when a node lives.
  ///
  /// @param network its wires and its time
  /// @param addresses who answers at which address
  /// @param address its own
  /// @param clock what its ledger's clock goes by
  /// @param mostCommit longest time from a write to its being durable, now
  /// @param windowMillis length of a performance window
  record Site(
      SimNetwork network,
      Addresses addresses,
      PeerId address,
      AgreedClock clock,
      Supplier<Duration> mostCommit,
      long windowMillis) {}

  private final Site site;
  private final SimNetwork network;
  private final SigningKey key;
  private final Ledger ledger;
  private final AgreedClock clock;
  private final RandomGenerator random;
  private final Habit habit;
  private final Watch watch;
  private final Transport transport;
  private final Reconciler reconciler;
  private final StateExchange exchange;
  private Reputation reputation;
  private Catalogue catalogue = new Catalogue();
  private Notary notary;
  private boolean retracted;
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private final SortedMap<NodeId, PeerId> reachable = new TreeMap<>();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private long heldUpUntilNanos;
  private boolean alive = true;
  private boolean commits;
  private int reportEvery = 1;
  private long diskFailures;

  NodeLife(
      Site site, SigningKey key, Ledger ledger, RandomGenerator random, Habit habit, Watch watch) {
    this.site = site;
    this.network = site.network();
    this.key = key;
    this.ledger = ledger;
    this.clock = site.clock();
    this.random = random;
    this.habit = habit;
    this.watch = watch;
    this.transport = network.node(site.address());
    this.reconciler =
        new Reconciler(
            ledger,
            (to, message) -> {
              watch.sending(message);
              habit.leaving(this, to, message).ifPresent(out -> send(to, out));
            },
            random,
            ReconcilerConfig.defaults().withRunRecords(RUN_RECORDS),
            new ReconcilerListener() {
              @Override
              public void refused(NodeId from, Acceptance.Refused refusal) {
                watch.refused(from, refusal);
              }
            },
            Workers.NONE,
            habit.check());
    this.exchange =
        new StateExchange(
            transport.self(),
            clock.wallMillis(),
            (to, message) -> transport.send(to, STATE_CHANNEL, message),
            (_, _, _) -> {},
            random,
            StateConfig.defaults());
    this.reputation = reputation();
    this.notary = freshNotary();
    ledger.onRetraction(() -> {
      retracted = true;
      reputation = reputation();
      catalogue = new Catalogue();
      notary = freshNotary();
      watch.retracts();
    });
    ledger.listen(record -> {
      if (habit.rates(this, record)) {
        reputation.apply(record);
      }
      if (record.body() instanceof Body.Service(ServiceChange change)) {
        catalogue.apply(change, habit.writtenHlc(this, record), record.author());
      }
      notary.apply(record, nowMillis());
      watch.visible(record, ledger.cut(record.feed()).map(FeedCut::size).orElse(0L));
    });
  }

  private Reputation reputation() {
    return new Reputation(
        site.windowMillis(),
        AcknowledgementCheck.signatures(ledger.meshId(), ledger.roster()::keyOf));
  }

  private Notary freshNotary() {
    return new Notary(ledger, new LedgerFacts(ledger), key, alarm -> watch.alarm(alarm));
  }

  void start() {
    transport.start(
        new Transport.Listener() {
          @Override
          public void message(PeerId from, int channel, byte[] payload) {
            inTurn(() -> received(from, channel, payload));
          }

          @Override
          public void view(SortedSet<PeerId> peers) {
            inTurn(() -> viewed(peers));
          }
        });
    // A ledger opened again may have begun an epoch.
    commitSoon();
    every(LEDGER_TICK_NANOS, this::ledgerTick);
    every(NOTARY_TICK_NANOS, this::notarise);
    every(STATE_TICK_NANOS, () -> exchange.tick(network.nowNanos()));
    every(CLOCK_TICK_NANOS, this::compareClocks);
    window(-1);
  }

  void kill() {
    alive = false;
  }

  /// The one thread stands still: what comes waits, and has its turn afterwards in the order in
  /// which it came.
  void holdUp(Duration time) {
    heldUpUntilNanos = network.nowNanos() + time.toNanos();
    network.schedule(
        time.toNanos(),
        () -> {
          while (!waiting.isEmpty()) {
            waiting.removeFirst().run();
          }
        });
  }

  private void inTurn(Runnable action) {
    if (network.nowNanos() < heldUpUntilNanos || !waiting.isEmpty()) {
      waiting.addLast(() -> {
        if (alive) {
          action.run();
        }
      });
    } else {
      action.run();
    }
  }

  /// Ends the writing of performance records.
  void fallSilent() {
    reportEvery = 0;
  }

  /// Writes performance records for one window in so many.
  void reportEvery(int windows) {
    reportEvery = windows;
  }

  /// From now on lets records go that are past the limits; asks `keeper` once a second.
  void keep(Keeper keeper) {
    ledger.onRetraction(keeper::forget);
    ledger.listen(keeper::apply);
    every(
        NOTARY_TICK_NANOS,
        () -> {
          keeper.second();
          commitSoon();
        });
  }

  /// Ledger time of the reputations.
  long scoredMillis() {
    return reputation.ledgerTimeMillis(raters());
  }

  /// What the records it shows say is served, whoever wrote them.
  Catalogue catalogue() {
    return catalogue;
  }

  Notary notary() {
    return notary;
  }

  /// Takes a client's write; it is acknowledged when the ledger shows it.
  ///
  /// @return whether it was taken
  boolean write(Body body) {
    boolean taken = ledger.tryAppend(body).isPresent();
    commitSoon();
    return taken;
  }

  Ledger ledger() {
    return ledger;
  }

  Reconciler reconciler() {
    return reconciler;
  }

  /// What the node takes for the time, in Unix milliseconds.
  long nowMillis() {
    return clock.getAsLong();
  }

  /// The peers in view.
  Set<NodeId> reachable() {
    return Collections.unmodifiableSet(reachable.keySet());
  }

  /// How often the disk refused.
  long diskFailures() {
    return diskFailures;
  }

  boolean alive() {
    return alive;
  }

  /// Sends a reconciler's message past every habit.
  void send(NodeId to, byte[] message) {
    PeerId address = reachable.get(to);
    if (alive && address != null) {
      transport.send(address, LEDGER_CHANNEL, message);
    }
  }

  boolean quiet() {
    return ledger.uncommitted() == 0
        && ledger.openSignatures().count() == 0
        && ledger.unreadable().isEmpty()
        && ledger.writable();
  }

  Scores scores() {
    return reputation.scores(raters());
  }

  private LedgerRaters raters() {
    Set<NodeId> forked = new TreeSet<>();
    ledger.frozen().keySet().forEach(feed -> forked.add(feed.author()));
    return new LedgerRaters(ledger.roster().snapshot(), forked, site.windowMillis());
  }

  private void received(PeerId from, int channel, byte[] payload) {
    if (channel == LEDGER_CHANNEL) {
      NodeId sender = site.addresses().who(from);
      habit
          .arriving(this, sender, payload)
          .ifPresent(message ->
              watch.handling(
                  this,
                  sender,
                  message,
                  () -> reconciler.receive(sender, message, network.nowNanos())));
      commitSoon();
    } else {
      exchange.receive(from, payload, network.nowNanos());
    }
  }

  private void viewed(SortedSet<PeerId> peers) {
    reachable.clear();
    // Of two machines with one identity the other one is reached: the one that came last.
    peers.forEach(peer ->
        reachable.merge(
            site.addresses().who(peer),
            peer,
            (one, other) -> site.addresses().isClone(one) ? one : other));
    reconciler.peers(reachable.keySet());
    exchange.peers(peers);
  }

  private void ledgerTick() {
    reconciler.tick(network.nowNanos());
    while (reconciler.verify(network.nowNanos()) && ledger.uncommitted() == 0) {
      // Everything that is to be done now: it takes no time here.
    }
    if (ledger.openSignatures().count() > 0) {
      watch.goesBack(ledger.verifiedHeads());
    }
    if (!ledger.unreadable().isEmpty()) {
      ledger.scrub(SCRUB_BYTES);
    }
    commitSoon();
  }

  private void notarise() {
    notary.due(nowMillis(), () -> scores().repRoot()).forEach(ledger::tryAppend);
    commitSoon();
  }

  /// Tells the others what its wall clock shows, and hears what theirs do.
  private void compareClocks() {
    long now = network.nowNanos();
    long shown = habit.clock(clock.wallMillis());
    exchange.put(CLOCK, ByteBuffer.allocate(Long.BYTES).putLong(shown).array(), now);
    SortedMap<NodeId, PeerId> inView = new TreeMap<>(reachable);
    // A clone may reach the one that it is a copy of.
    inView.remove(ledger.self());
    RosterSnapshot roster = ledger.roster().snapshot();
    Set<NodeId> all = new TreeSet<>(inView.keySet());
    roster.members().stream().map(Member::id).forEach(all::add);
    Map<NodeId, NodeId> branches = new TreeMap<>(Branches.of(roster, all));
    NodeId self = ledger.self();
    NodeId own = Optional.ofNullable(branches.remove(self)).orElse(self);
    List<AgreedClock.Peer> peers = new ArrayList<>();
    branches.forEach((peer, branch) ->
        peers.add(new AgreedClock.Peer(branch, shown(Optional.ofNullable(inView.get(peer)), now))));
    clock.compare(own, peers);
  }

  /// What a peer said that its wall clock shows, as of now.
  private OptionalLong shown(Optional<PeerId> peer, long now) {
    return peer.flatMap(address -> exchange.entry(address, CLOCK))
        .filter(entry -> entry.ageNanos(now) <= CLOCK_STALE_NANOS)
        .map(entry ->
            OptionalLong.of(
                ByteBuffer.wrap(entry.value()).getLong() + entry.ageNanos(now) / NANOS_PER_MILLI))
        .orElse(OptionalLong.empty());
  }

  /// One sync for all that comes within the time a sync takes, as group commit does.
  private void commitSoon() {
    if (alive && !commits && ledger.uncommitted() > 0) {
      commits = true;
      after(random.nextLong(1, site.mostCommit().get().toNanos() + 1), this::commit);
    }
  }

  private void commit() {
    try {
      List<SignedRecord> committed = ledger.commit();
      commits = false;
      if (retracted) {
        retracted = false;
        watch.retracted();
      }
      reconciler.committed(committed, network.nowNanos());
    } catch (UncheckedIOException _) {
      diskFailures++;
      after(DISK_RETRY_NANOS, this::commit);
    }
  }

  /// At the start of each window: acknowledges contacts of the new one, reports on the last.
  private void window(long last) {
    long window = nowMillis() / site.windowMillis();
    if (window > last) {
      Map<NodeId, byte[]> signatures = new TreeMap<>();
      for (NodeId peer : reachable.keySet()) {
        if (Math.floorMod(peer.low() + window, CONTACTS_IN) == 0) {
          signatures.put(peer, ContactAcknowledgement.sign(key, ledger.meshId(), peer, window));
        }
      }
      acknowledgements.put(window, signatures);
      exchange.put(ACKNOWLEDGEMENTS, acknowledgements.encoded(), network.nowNanos());
      if (last >= 0
          && reportEvery > 0
          && Math.floorMod(last + key.nodeId().low(), reportEvery) == 0) {
        report(last);
      }
    }
    long leftMillis = site.windowMillis() - Math.floorMod(nowMillis(), site.windowMillis());
    after(
        leftMillis * NANOS_PER_MILLI + random.nextLong(50 * NANOS_PER_MILLI), () -> window(window));
  }

  private void report(long window) {
    ledger.tryAppend(
        Traffic.seen(
            random,
            window,
            ledger.self(),
            ledger.roster().members().stream().map(Member::id).toList(),
            reachable.keySet(),
            peer ->
                exchange
                    .entry(Addresses.of(peer), ACKNOWLEDGEMENTS)
                    .flatMap(
                        entry -> Acknowledgements.find(entry.value(), ledger.self(), window))));
    commitSoon();
  }

  private void every(long periodNanos, Runnable action) {
    after(
        periodNanos - random.nextLong(periodNanos / 4),
        () -> {
          action.run();
          every(periodNanos, action);
        });
  }

  private void after(long delayNanos, Runnable action) {
    network.schedule(
        delayNanos,
        () -> {
          if (alive) {
            inTurn(action);
          }
        });
  }
}
