package io.skein.healing;

import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.diagnosis.Diagnostician;
import io.skein.healing.diagnosis.SelfDoubt;
import io.skein.healing.signal.NodeFacts;
import io.skein.healing.signal.NodeFacts.Presence;
import io.skein.healing.signal.Vitals;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Nodes that watch each other, in virtual time: a greeting and a pulse a second from each to each,
/// the pulse by gossip, with up to a second on its way. Each looks every 300 ms, as a node does in
/// quiet times. A node that is starved does nothing while it is stopped, then looks before it reads
/// what has come: the order that is worst for others.
final class DiagnosisSimulation {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;
  private static final long STEP = 100 * MILLI;
  private static final String[] REGIONS = {"eu", "us", "ap"};

  /// What can go wrong.
  enum Fault {
    KILLED("node-dead"),
    FROZEN("node-silent"),
    OVERLOADED("node-overloaded"),
    DISK_FULL("node-out-of-disk"),
    CLOCK("node-clock-skewed"),
    LINK_SLOW("link-slow"),
    LINK_LOSSY("link-lossy"),
    REGION("region-lost"),
    SPLIT("node-partitioned"),
    DAMAGED("ledger-corrupted"),
    FORECAST("forecast-wrong");

    final String kind;

    Fault(String kind) {
      this.kind = kind;
    }
  }

  /// A node found something.
  record Found(long atNanos, String by, Diagnosis diagnosis) {}

  private record Message(long atNanos, int from, Optional<Vitals> pulse) {}

  private static final class Node {
    final String id;
    final int number;
    final String region;
    final Diagnostician diagnostician;
    final SelfDoubt doubt = new SelfDoubt();
    final Deque<Message> inbox = new ArrayDeque<>();
    final long[] heardNanos;
    final boolean[] greeted;
    final List<Deque<Boolean>> greetings = new ArrayList<>();
    final List<Optional<Vitals>> pulses = new ArrayList<>();
    final long[] goneNanos;
    Vitals own = Vitals.WELL;
    long phase;
    long pausedUntil;
    long lastTick = -1;
    List<String> standing = List.of();

    Node(int number, int count) {
      this.number = number;
      this.id = "n" + number;
      this.region = REGIONS[number % REGIONS.length];
      this.diagnostician = new Diagnostician(id);
      heardNanos = new long[count];
      greeted = new boolean[count];
      goneNanos = new long[count];
      java.util.Arrays.fill(goneNanos, -1);
      for (int i = 0; i < count; i++) {
        greetings.add(new ArrayDeque<>());
        pulses.add(Optional.empty());
      }
    }
  }

  private final List<Node> nodes = new ArrayList<>();
  private final SplittableRandom random;
  private final boolean doubting;
  final List<Found> found = new ArrayList<>();
  private Optional<Fault> fault = Optional.empty();
  private int starved = -1;
  long nowNanos;

  /// @param doubting whether nodes doubt themselves
  DiagnosisSimulation(int count, boolean doubting, long seed) {
    this.random = new SplittableRandom(seed);
    this.doubting = doubting;
    for (int i = 0; i < count; i++) {
      Node node = new Node(i, count);
      node.phase = random.nextInt(10) * STEP;
      nodes.add(node);
    }
  }

  /// From now on the last node has this fault, or the link from it to the first, or its region.
  void begin(Fault what) {
    fault = Optional.of(what);
    Node last = nodes.getLast();
    for (Node node : nodes) {
      for (Node other : nodes) {
        boolean lost =
            switch (what) {
              case KILLED -> other == last;
              case REGION -> other.region.equals(last.region) && !node.region.equals(last.region);
              case SPLIT -> (other.number * 2 > nodes.size()) != (node.number * 2 > nodes.size());
              default -> false;
            };
        if (lost && node != other) {
          // A closed connection is noticed within 0.8 s, as measured of the transport.
          node.goneNanos[other.number] = nowNanos + random.nextLong(100 * MILLI, 800 * MILLI);
        }
      }
    }
    Vitals well = Vitals.WELL;
    last.own =
        switch (what) {
          case OVERLOADED -> new Vitals(990_000, 0, 1, true, well.freeBytes(), 0, -1, 0, 0);
          case DISK_FULL -> new Vitals(0, 0, 1, false, 0, 0, -1, 0, 0);
          case CLOCK -> new Vitals(0, 0, 1, true, well.freeBytes(), 288_000, -1, 0, 0);
          case DAMAGED -> new Vitals(0, 0, 1, true, well.freeBytes(), 0, -1, 0, 1);
          case FORECAST -> new Vitals(0, 0, 1, true, well.freeBytes(), 0, 900_000, 90_000, 0);
          default -> well;
        };
  }

  /// The first node is starved from now on: it stands still for up to 2.5 s at a time.
  void starve() {
    starved = 0;
  }

  void run(long nanos) {
    for (long end = nowNanos + nanos; nowNanos < end; nowNanos += STEP) {
      for (Node node : nodes) {
        send(node);
      }
      for (Node node : nodes) {
        turn(node);
      }
    }
  }

  private boolean has(Fault what) {
    return fault.filter(what::equals).isPresent();
  }

  private boolean silent(Node node) {
    return nowNanos < node.pausedUntil
        || (node == nodes.getLast() && (has(Fault.FROZEN) || has(Fault.KILLED)));
  }

  private void send(Node node) {
    if ((nowNanos + node.phase) % SECOND != 0 || silent(node)) {
      return;
    }
    for (Node other : nodes) {
      boolean connected =
          other.goneNanos[node.number] < 0 || nowNanos < other.goneNanos[node.number];
      if (other == node || !connected) {
        continue;
      }
      boolean lossy = has(Fault.LINK_LOSSY) && pair(node, other);
      if (!lossy || random.nextInt(2) == 0) {
        other.inbox.add(
            new Message(nowNanos + random.nextLong(90 * MILLI), node.number, Optional.empty()));
      }
      long spread = random.nextLong(20 * MILLI, SECOND);
      Vitals said = node.own;
      // What the hearer computes: the offset, less the time on the way.
      Vitals heard =
          new Vitals(
              said.utilisationMicros(),
              said.lateNanos(),
              said.patience(),
              said.writes(),
              said.freeBytes(),
              said.offsetMillis() - spread / MILLI,
              said.forecastErrorMicros(),
              said.requestsPerSecondMilli(),
              said.ledgerFaults());
      other.inbox.add(new Message(nowNanos + spread, node.number, Optional.of(heard)));
    }
  }

  private boolean pair(Node one, Node other) {
    return Math.min(one.number, other.number) == 0
        && Math.max(one.number, other.number) == nodes.size() - 1;
  }

  private void turn(Node node) {
    if (silent(node)) {
      return;
    }
    if (node.number == starved && random.nextInt(20) == 0) {
      node.pausedUntil = nowNanos + random.nextLong(25) * STEP;
    }
    if (node.lastTick >= 0) {
      // Collectors and the like: some milliseconds mostly, seldom a few hundred.
      long jitter = random.nextInt(2_000) == 0 ? random.nextLong(300 * MILLI) : MILLI;
      node.doubt.late(nowNanos - node.lastTick - STEP + jitter);
    }
    node.lastTick = nowNanos;
    if ((nowNanos + node.phase) / STEP % 3 == 0) {
      look(node);
    }
    node.inbox.removeIf(message -> {
      boolean due = message.atNanos() <= nowNanos;
      if (due) {
        node.heardNanos[message.from()] = nowNanos;
        if (message.pulse().isPresent()) {
          node.pulses.set(message.from(), message.pulse());
        } else {
          node.greeted[message.from()] = true;
        }
      }
      return due;
    });
    if ((nowNanos + node.phase) % SECOND == 0) {
      second(node);
    }
  }

  private void second(Node node) {
    int silent = 0;
    for (Node other : nodes) {
      if (other != node) {
        Deque<Boolean> came = node.greetings.get(other.number);
        came.addLast(node.greeted[other.number]);
        if (came.size() > NodeFacts.GREETINGS) {
          came.removeFirst();
        }
        node.greeted[other.number] = false;
        silent += nowNanos - node.heardNanos[other.number] > 3_200 * MILLI ? 1 : 0;
      }
    }
    node.doubt.second(silent, nodes.size() - 1);
  }

  private void look(Node node) {
    SortedMap<String, NodeFacts> facts = new TreeMap<>();
    for (Node other : nodes) {
      boolean own = other == node;
      long gone = node.goneNanos[other.number];
      boolean here = own || gone < 0 || nowNanos < gone;
      Deque<Boolean> came = node.greetings.get(other.number);
      int missed =
          came.size() < NodeFacts.GREETINGS ? 0 : (int) came.stream().filter(it -> !it).count();
      long rtt = (long) (10 * MILLI * (1 + Math.abs(gaussian()) * 0.4));
      if (has(Fault.LINK_SLOW) && pair(node, other)) {
        rtt += 200 * MILLI;
      }
      facts.put(
          other.id,
          new NodeFacts(
              other.region,
              "",
              here ? Presence.HERE : Presence.GONE,
              here ? nowNanos : nowNanos - gone,
              own ? 0 : nowNanos - node.heardNanos[other.number],
              own ? Optional.of(node.own) : node.pulses.get(other.number),
              own ? 0 : rtt,
              own ? 0 : 10 * MILLI,
              own ? 0 : missed));
    }
    List<String> now = new ArrayList<>();
    int patience = doubting ? node.doubt.patience() : 1;
    for (Diagnosis diagnosis : node.diagnostician.step(facts, patience, nowNanos)) {
      String key = diagnosis.kind() + " " + diagnosis.subject();
      now.add(key);
      if (!node.standing.contains(key)) {
        found.add(new Found(nowNanos, node.id, diagnosis));
      }
    }
    node.standing = now;
  }

  private double gaussian() {
    return random.nextGaussian();
  }

  /// When each node that can see it found the fault, in order; negative: from the start on.
  List<Long> foundAfter(Fault what, long sinceNanos) {
    return found.stream()
        .filter(each -> each.diagnosis().kind().equals(what.kind) && each.atNanos() >= sinceNanos)
        .map(each -> each.atNanos() - sinceNanos)
        .sorted()
        .toList();
  }
}
