package io.skein.app.mesh;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Header;
import io.skein.chaos.history.History;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import io.skein.chaos.nemesis.Kind;
import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.transport.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// A simulated mesh that is split as the chaos harness splits real ones, and what clients that ask
/// each node for its members and owners see meanwhile, as a history of that harness.
final class Splits {
  private static final Duration STARTS = Duration.ofSeconds(5);

  /// Owners are asked for twice a second, members once, and flapping turns once.
  private static final Duration LOOK = Duration.ofMillis(500);

  private final SimNetwork network;
  private final long seed;
  private final SplittableRandom random;
  private final List<SimulatedPeer> nodes = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private long faults;
  private long looks;

  /// @param random draws the nodes' names and who is on which side
  Splits(SimNetwork network, long seed, int count, SplittableRandom random) {
    this.network = network;
    this.seed = seed;
    this.random = random;
    for (int i = 0; i < count; i++) {
      nodes.add(new SimulatedPeer(i + 1, network, random.split()));
    }
    nodes.forEach(SimulatedPeer::start);
    nodes.forEach(SimulatedPeer::greet);
    lookFor(STARTS);
  }

  /// Splits the mesh, and leaves it alone afterwards.
  void split(Kind kind, Duration lasts, Duration calm) {
    List<SimulatedPeer> order = new ArrayList<>();
    for (SimulatedPeer node : nodes) {
      order.add(random.nextInt(order.size() + 1), node);
    }
    FaultMark mark = FaultMark.begins(faults++, kind.word(), "").withSides(sides(kind, order));
    told(mark);
    SortedMap<PeerId, Set<PeerId>> cut = directions(kind, order);
    if (kind == Kind.FLAPPING) {
      boolean open = false;
      for (long left = lasts.toMillis(); left > 0; left -= 2 * LOOK.toMillis()) {
        network.cutOnly(open ? new TreeMap<>() : cut);
        open = !open;
        lookFor(LOOK.multipliedBy(2));
      }
    } else {
      network.cutOnly(cut);
      lookFor(lasts);
    }
    network.cutOnly(new TreeMap<>());
    told(FaultMark.ends(mark.id(), mark.name()));
    lookFor(calm);
  }

  /// The parts that know nothing of each other, where the kind makes such.
  private static List<List<String>> sides(Kind kind, List<SimulatedPeer> order) {
    int size = order.size();
    List<String> names = order.stream().map(SimulatedPeer::name).toList();
    if (kind == Kind.HALVES) {
      return List.of(names.subList(0, size / 2), names.subList(size / 2, size));
    }
    return kind == Kind.ISOLATE ? List.of(names.subList(0, 1), names.subList(1, size)) : List.of();
  }

  /// Who does not reach whom any more, sender to receivers.
  private static SortedMap<PeerId, Set<PeerId>> directions(Kind kind, List<SimulatedPeer> order) {
    int size = order.size();
    SortedMap<PeerId, Set<PeerId>> cut = new TreeMap<>();
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        boolean apart =
            switch (kind) {
              case HALVES, FLAPPING -> (from < size / 2) != (to < size / 2);
              case ISOLATE -> (from == 0) != (to == 0);
              case ONE_WAY -> from != 0 && to == 0;
              case RING -> {
                int distance = Math.floorMod(from - to, size);
                yield distance > 1 && distance < size - 1;
              }
              // The first reaches both halves of the others.
              case BRIDGE -> from > 0 && to > 0 && (from <= size / 2) != (to <= size / 2);
              default -> throw new IllegalArgumentException("kind: " + kind);
            };
        if (apart) {
          cut.computeIfAbsent(order.get(from).address(), _ -> new TreeSet<>())
              .add(order.get(to).address());
        }
      }
    }
    return cut;
  }

  private void lookFor(Duration time) {
    long end = network.nowNanos() + time.toNanos();
    while (network.nowNanos() < end) {
      network.runFor(Duration.ofNanos(Math.min(LOOK.toNanos(), end - network.nowNanos())));
      for (int i = 0; i < nodes.size(); i++) {
        look(i, nodes.get(i));
      }
      looks++;
    }
  }

  private void look(int process, SimulatedPeer node) {
    Json.Members owners = Json.object();
    for (Map.Entry<String, Optional<String>> each : node.owners().entrySet()) {
      owners = owners.with(each.getKey(), each.getValue().map(Json::of).orElse(Json.NOTHING));
    }
    answered(process, node, Vocabulary.OWNERS, Json.object().with("owners", owners));
    if (looks % 2 == 0) {
      answered(
          process,
          node,
          Vocabulary.MEMBERS,
          Json.object().with("alive", Json.strings(node.alive())));
    }
  }

  private void answered(int process, SimulatedPeer node, String function, Json answer) {
    event(process, node.name(), Event.Kind.INVOKE, function, Json.NOTHING);
    event(process, node.name(), Event.Kind.OK, function, answer);
  }

  private void told(FaultMark mark) {
    event(-1, "", Event.Kind.INFO, mark.name(), mark.json());
  }

  private void event(int process, String node, Event.Kind kind, String function, Json value) {
    events.add(new Event(network.nowNanos(), process, node, kind, function, value.toString()));
  }

  /// What was seen so far.
  History history() throws MalformedHistory {
    List<String> names = nodes.stream().map(SimulatedPeer::name).toList();
    return History.of(
        new Header(
            seed,
            true,
            names,
            Json.NOTHING.toString(),
            "./mvnw -pl node/app -am -Dtest=SplitsSimulationTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dsim.splits.seed="
                + seed
                + " test"),
        events);
  }
}
