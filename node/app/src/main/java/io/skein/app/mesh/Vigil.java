package io.skein.app.mesh;

import io.skein.app.rumor.Load;
import io.skein.app.rumor.Pulse;
import io.skein.app.rumor.Who;
import io.skein.gossip.membership.MemberState;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.diagnosis.Diagnostician;
import io.skein.healing.diagnosis.SelfDoubt;
import io.skein.healing.signal.NodeFacts;
import io.skein.healing.signal.NodeFacts.Presence;
import io.skein.healing.signal.Parting;
import io.skein.healing.signal.Vitals;
import io.skein.ledger.key.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Watches over the health of nodes, this one's first: tells the peers how this node is, gathers
/// what they say and what is seen of them, and finds what is wrong. Confined to the mesh thread.
final class Vigil {
  // What was said longer ago says nothing about now.
  private static final long STALE_NANOS = 5_000_000_000L;
  private static final long DISK_NANOS = 5_000_000_000L;
  // What was mended at the start is news for a while.
  private static final long DAMAGE_NANOS = 60_000_000_000L;
  private static final int RTTS = 300;
  private static final int LEAST_RTTS = 10;
  private static final String STRANGERS = "strangers";

  private final NodeId self;
  private final Supplier<Who> who;
  private final Peers peers;
  private final Pulses pulses;
  private final Announcer announcer;
  private final Records records;
  private final LongSupplier wallMillis;
  private final Kin kin;
  private final SelfDoubt doubt = new SelfDoubt();
  private final Diagnostician diagnostician;
  private final Map<NodeId, Contact> contacts = new HashMap<>();
  private final Set<NodeId> greeted = new HashSet<>();
  private LongSupplier freeBytes = () -> Long.MAX_VALUE;
  private Supplier<Parting> parting = () -> Parting.NONE;
  private int damages;
  private long startedNanos;
  private long freeNow = Long.MAX_VALUE;
  private long diskLookedNanos;
  private long lastTickNanos;
  private boolean ticked;
  // Of those whose clocks were heard at the last second.
  private Map<NodeId, NodeId> branchOf = Map.of();
  private List<Diagnosis> diagnoses = List.of();

  /// What is remembered of the contact with a peer.
  private static final class Contact {
    private final Deque<Boolean> greetings = new ArrayDeque<>();
    private final Deque<Long> rtts = new ArrayDeque<>();

    int missed() {
      // The newest may be under way.
      return greetings.size() < NodeFacts.GREETINGS
          ? 0
          : (int) greetings.stream().filter(came -> !came).count();
    }

    long usualRttNanos() {
      return rtts.size() < LEAST_RTTS
          ? 0
          : rtts.stream().mapToLong(Long::longValue).min().orElse(0);
    }
  }

  /// @param wallMillis what the wall clock shows, right or wrong
  Vigil(
      NodeId self,
      Supplier<Who> who,
      Peers peers,
      Pulses pulses,
      Announcer announcer,
      Records records,
      LongSupplier wallMillis,
      Kin kin,
      long nowNanos) {
    this.self = self;
    this.who = who;
    this.peers = peers;
    this.pulses = pulses;
    this.announcer = announcer;
    this.records = records;
    this.wallMillis = wallMillis;
    this.kin = kin;
    this.diagnostician = new Diagnostician(self.toString());
    this.startedNanos = nowNanos;
    this.diskLookedNanos = nowNanos - DISK_NANOS;
  }

  /// What this node's data lie on, and what was wrong with them at the start. Before the start.
  void storage(LongSupplier free, int damagesAtStart) {
    freeBytes = free;
    damages = damagesAtStart;
  }

  /// How it is asked who is heard of and not in this node's view.
  void parting(Supplier<Parting> how) {
    parting = how;
  }

  /// A timer that fires every `periodNanos` fired.
  void ticked(long periodNanos, long nowNanos) {
    if (ticked) {
      doubt.late(nowNanos - lastTickNanos - periodNanos);
    }
    ticked = true;
    lastTickNanos = nowNanos;
  }

  /// A peer gave its sign of life.
  void greeted(NodeId peer) {
    greeted.add(peer);
  }

  /// A second has passed.
  void second(long nowNanos) {
    int silent = 0;
    int present = 0;
    Set<NodeId> known = new HashSet<>();
    Map<NodeId, NodeId> members = kin.among(Peers.Peer::present);
    Map<NodeId, Boolean> silentBranches = new HashMap<>();
    for (Peers.Peer peer : peers.all()) {
      known.add(peer.id());
      if (!peer.present()) {
        contacts.remove(peer.id());
        pulses.forget(peer.id());
        continue;
      }
      present++;
      silent += peer.alive() ? 0 : 1;
      silentBranches.merge(
          members.getOrDefault(peer.id(), self), !peer.alive(), Boolean::logicalAnd);
      Contact contact = contacts.computeIfAbsent(peer.id(), _ -> new Contact());
      contact.greetings.addLast(greeted.contains(peer.id()));
      if (contact.greetings.size() > NodeFacts.GREETINGS) {
        contact.greetings.removeFirst();
      }
      OptionalLong rtt = peers.measuredRttNanos(peer.id());
      if (rtt.isPresent()) {
        contact.rtts.addLast(rtt.getAsLong());
        if (contact.rtts.size() > RTTS) {
          contact.rtts.removeFirst();
        }
      }
    }
    contacts.keySet().retainAll(known);
    greeted.clear();
    // Or whoever invites more than there are others could have everybody doubt itself.
    long silentOnes = silentBranches.values().stream().filter(it -> it).count();
    doubt.second(2 * silentOnes > silentBranches.size() ? silent : 0, present);
    if (nowNanos - diskLookedNanos >= DISK_NANOS) {
      diskLookedNanos = nowNanos;
      freeNow = freeBytes.getAsLong();
    }
    pulses.tell(pulse(nowNanos), nowNanos);
    branchOf = kin.among(peer -> peer.present() && fresh(peer.id(), nowNanos).isPresent());
  }

  // Those that are no members are one.
  private String branch(NodeId node) {
    return Optional.ofNullable(branchOf.get(node)).map(NodeId::toString).orElse(STRANGERS);
  }

  private static long wallNow(Pulses.Heard heard, long nowNanos) {
    return heard.pulse().wallMillis() + (nowNanos - heard.atNanos()) / 1_000_000;
  }

  private Pulse pulse(long nowNanos) {
    Load load = announcer.load(0);
    return new Pulse(
        wallMillis.getAsLong(),
        load.utilisationMicros(),
        doubt.lateNanos() / 1_000_000,
        doubt.patience(),
        records.storageFailure().isEmpty(),
        freeNow >> 20,
        announcer.forecasts().errorMicros(),
        load.requestsPerSecondMilli(),
        (nowNanos - startedNanos < DAMAGE_NANOS ? damages : 0) + records.unreadable());
  }

  /// Looks at everybody. What is found stands until the next look.
  void look(long nowNanos) {
    SortedMap<String, NodeFacts> facts = new TreeMap<>();
    facts.put(
        self.toString(),
        new NodeFacts(
            who.get().region(),
            branch(self),
            Presence.HERE,
            0,
            0,
            Optional.of(vitals(pulse(nowNanos), 0)),
            0,
            0,
            0));
    for (Peers.Peer peer : peers.all()) {
      peer.who().ifPresent(said -> facts.put(peer.id().toString(), facts(peer, said, nowNanos)));
    }
    diagnoses = diagnostician.step(facts, parting.get(), doubt.patience(), nowNanos);
  }

  private NodeFacts facts(Peers.Peer peer, Who said, long nowNanos) {
    Contact contact = contacts.getOrDefault(peer.id(), new Contact());
    boolean here = peer.present();
    return new NodeFacts(
        said.region(),
        branch(peer.id()),
        here
            ? Presence.HERE
            : peer.member().state() == MemberState.LEFT ? Presence.LEFT : Presence.GONE,
        nowNanos - peer.member().sinceNanos(),
        here ? nowNanos - peer.member().lastSeenNanos() : 0,
        here ? heard(peer.id(), nowNanos) : Optional.empty(),
        peers.measuredRttNanos(peer.id()).orElse(0),
        contact.usualRttNanos(),
        contact.missed());
  }

  private Optional<Vitals> heard(NodeId peer, long nowNanos) {
    return fresh(peer, nowNanos)
        .map(heard -> vitals(heard.pulse(), wallNow(heard, nowNanos) - wallMillis.getAsLong()));
  }

  private Optional<Pulses.Heard> fresh(NodeId peer, long nowNanos) {
    return pulses.of(peer).filter(heard -> nowNanos - heard.atNanos() <= STALE_NANOS);
  }

  private static Vitals vitals(Pulse pulse, long offsetMillis) {
    return new Vitals(
        pulse.utilisationMicros(),
        pulse.lateMillis() * 1_000_000,
        pulse.patience(),
        pulse.writes(),
        pulse.freeMebibytes() << 20,
        offsetMillis,
        (int) pulse.forecastErrorMicros(),
        pulse.requestsPerSecondMilli(),
        pulse.damages());
  }

  /// What was wrong at the last look.
  List<Diagnosis> diagnoses() {
    return diagnoses;
  }

  /// By how much this node multiplies its patience before it accuses others.
  int patience() {
    return doubt.patience();
  }
}
