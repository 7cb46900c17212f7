package io.skein.simulator.mesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything that goes wrong in one run, drawn from its seed before it begins.
///
/// @param seed the seed, for whatever else is left to chance
/// @param nodes nodes of the mesh
/// @param leastLatency lower bound of a message's one-way delay
/// @param mostLatency its upper bound; delays differ, so messages overtake each other
/// @param lossRate part of the messages that vanish, 0 to 0.1
/// @param duplicateRate part of the messages that arrive twice, 0 to 0.1
/// @param mostCommit longest time from a write to its being durable
/// @param writeEvery mean time between two writes of clients to one node
/// @param skewMillis by how much each node's wall clock is wrong
/// @param invites how many invites the nodes joined by
/// @param liars which nodes cheat, and how; never the founder, node 0
/// @param nemeses what befalls network and disks
/// @param calm what comes after it, if anything
record Storm(
    long seed,
    int nodes,
    Duration leastLatency,
    Duration mostLatency,
    double lossRate,
    double duplicateRate,
    Duration mostCommit,
    Duration writeEvery,
    List<Long> skewMillis,
    int invites,
    SortedMap<Integer, List<Lie>> liars,
    List<Nemesis> nemeses,
    Optional<Calm> calm) {
  /// Nodes of the mesh, unless drawn.
  static final int NODES = 16;

  /// Fewest and most nodes that [#ofAnySize] draws.
  static final int FEWEST = 5;

  static final int MOST = 100;

  /// When the first of it may begin, and when all of it is over.
  static final long BEGINS_MILLIS = 5_000;

  static final long ENDS_MILLIS = 24_000;

  private static final Duration WRITE_EVERY = Duration.ofSeconds(4);
  private static final List<Lie> DRAWN = List.copyOf(EnumSet.complementOf(EnumSet.of(Lie.SPOIL)));
  // Of so many in sixteen.
  private static final int LEAST_LIARS = 3;
  private static final int MOST_LIARS = 5;

  /// Copies the collections.
  public Storm {
    skewMillis = List.copyOf(skewMillis);
    liars = new TreeMap<>(liars);
    nemeses = List.copyOf(nemeses);
  }

  /// Draws the storm of a seed.
  static Storm draw(long seed) {
    return draw(seed, NODES);
  }

  /// Draws the storm of a seed over 5 to 100 nodes, as often below 22 as above; no calm follows.
  static Storm ofAnySize(long seed) {
    double part = new SplittableRandom(seed ^ 0x512e_512e_512e_512eL).nextDouble();
    int nodes = (int) Math.round(FEWEST * Math.pow(MOST / (double) FEWEST, part));
    return draw(seed, nodes);
  }

  /// Draws the storm of a seed over so many nodes.
  static Storm draw(long seed, int nodes) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x5707_3057_0735_7073L);
    List<Integer> order = new ArrayList<>();
    List<Long> skews = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      order.add(random.nextInt(order.size() + 1), node);
      skews.add(random.nextLong(-700, 701));
    }
    if (random.nextInt(4) == 0) {
      skews.set(random.nextInt(nodes), random.nextLong(-20_000, 20_001));
    }
    long least = random.nextLong(100, 20_000);
    Duration leastLatency = micros(least);
    Duration mostLatency = micros(least + random.nextLong(100, 200_000));
    double lossRate = random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1);
    double duplicateRate = random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1);
    SortedMap<Integer, List<Lie>> liars = liars(random, order);
    spoil(new SplittableRandom(seed ^ 0x5901_15e5_5901_15e5L), liars);
    List<Integer> honest = order.stream().filter(node -> !liars.containsKey(node)).toList();
    return new Storm(
        seed,
        nodes,
        leastLatency,
        mostLatency,
        lossRate,
        duplicateRate,
        micros(random.nextLong(100, 20_000)),
        WRITE_EVERY,
        skews,
        random.nextInt(1, 6),
        liars,
        nemeses(random, order, honest),
        nodes == NODES && Calm.follows(seed)
            ? Optional.of(Calm.draw(seed, honest, List.copyOf(liars.keySet())))
            : Optional.empty());
  }

  /// The storm of a seed, followed by a calm whether or not its seed has one.
  static Storm withCalm(long seed) {
    Storm storm = draw(seed);
    List<Integer> honest = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      if (!storm.liars.containsKey(node)) {
        honest.add(node);
      }
    }
    return storm.with(
        storm.writeEvery,
        storm.nemeses,
        Optional.of(Calm.draw(seed, honest, List.copyOf(storm.liars.keySet()))));
  }

  /// The storm of a seed over 5 to 9 nodes with clients that write to each of them every 10 to 40
  /// ms: some thousands of records.
  static Storm busy(long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ 0xb05e_b05e_b05e_b05eL);
    Storm storm = draw(seed, random.nextInt(FEWEST, 10));
    return storm.with(Duration.ofMillis(random.nextLong(10, 41)), storm.nemeses, storm.calm);
  }

  /// The storm of a seed over 5 to 8 nodes, to which more happens: in one of three several nodes
  /// lose power at once, up to all honest ones, instead of what befalls single ones; in the others
  /// a disk is slow, stands still or does not give back what is on it, a clock is wrong or jumps to
  /// and fro, or a disk is lost with the identity on it.
  static Storm harsh(long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x4a25_4a25_4a25_4a25L);
    Storm storm = draw(seed, random.nextInt(FEWEST, 9));
    List<Nemesis> befalls = new ArrayList<>();
    Set<Integer> busy = new TreeSet<>(storm.liars.keySet());
    boolean together = random.nextInt(3) == 0;
    for (Nemesis each : storm.nemeses) {
      if (!(each instanceof Nemesis.Fault fault)) {
        befalls.add(each);
      } else if (!together) {
        befalls.add(each);
        busy.add(fault.node());
      }
    }
    // One thing at a time to one node.
    List<Integer> spared = new ArrayList<>();
    for (int node = 0; node < storm.nodes; node++) {
      if (!busy.contains(node)) {
        spared.add(random.nextInt(spared.size() + 1), node);
      }
    }
    if (together) {
      befalls.add(outage(random, spared));
    } else {
      spared.stream().filter(node -> node != 0).forEach(node -> befalls.add(harsh(random, node)));
    }
    return storm.with(storm.writeEvery, befalls, storm.calm);
  }

  private static Nemesis outage(SplittableRandom random, List<Integer> nodes) {
    return new Nemesis.Outage(
        random.nextLong(BEGINS_MILLIS, ENDS_MILLIS - 5_000),
        random.nextLong(200, 5_000),
        nodes.subList(0, random.nextInt(2, nodes.size() + 1)));
  }

  private static Nemesis harsh(SplittableRandom random, int node) {
    long at = random.nextLong(BEGINS_MILLIS, ENDS_MILLIS - 5_000);
    long lasts = random.nextLong(200, Math.min(8_000, ENDS_MILLIS - at));
    return switch (random.nextInt(6)) {
      case 0 ->
          new Nemesis.SlowForces(at, lasts, node, Duration.ofMillis(random.nextLong(50, 2_001)));
      case 1 -> new Nemesis.WrongClock(at, lasts, node, clockError(random), lasts);
      case 2 ->
          new Nemesis.WrongClock(at, lasts, node, clockError(random), random.nextLong(200, 2_001));
      case 3 -> new Nemesis.Stall(at, lasts, node);
      case 4 -> new Nemesis.DiskFails(at, lasts, node, Nemesis.Failing.READS);
      default -> new Nemesis.LostDisk(at, lasts, node);
    };
  }

  /// Up to 288 s behind or ahead.
  private static long clockError(SplittableRandom random) {
    return random.nextLong(-288_000, 288_001);
  }

  /// This storm with nothing but one nemesis.
  Storm only(Nemesis nemesis) {
    return with(writeEvery, List.of(nemesis), Optional.empty());
  }

  private Storm with(Duration writes, List<Nemesis> befalls, Optional<Calm> after) {
    return new Storm(
        seed,
        nodes,
        leastLatency,
        mostLatency,
        lossRate,
        duplicateRate,
        mostCommit,
        writes,
        skewMillis,
        invites,
        liars,
        befalls,
        after);
  }

  private static SortedMap<Integer, List<Lie>> liars(SplittableRandom random, List<Integer> order) {
    SortedMap<Integer, List<Lie>> liars = new TreeMap<>();
    int nodes = order.size();
    int count = random.nextInt(nodes * LEAST_LIARS / NODES, nodes * MOST_LIARS / NODES + 1);
    for (int node : order) {
      if (node != 0 && liars.size() < count) {
        EnumSet<Lie> lies = EnumSet.noneOf(Lie.class);
        lies.add(random.nextInt(4) == 0 ? Lie.FORK : DRAWN.get(random.nextInt(DRAWN.size())));
        if (random.nextBoolean()) {
          lies.add(DRAWN.get(random.nextInt(DRAWN.size())));
        }
        liars.put(node, List.copyOf(lies));
      }
    }
    return liars;
  }

  /// In every second storm some liar spoils signatures, whatever else it does.
  private static void spoil(SplittableRandom random, SortedMap<Integer, List<Lie>> liars) {
    if (random.nextBoolean() && !liars.isEmpty()) {
      List<Integer> nodes = List.copyOf(liars.keySet());
      liars.compute(
          nodes.get(random.nextInt(nodes.size())),
          (_, lies) -> {
            List<Lie> more = new ArrayList<>(Objects.requireNonNull(lies));
            more.add(Lie.SPOIL);
            return List.copyOf(more);
          });
    }
  }

  private static List<Nemesis> nemeses(
      SplittableRandom random, List<Integer> order, List<Integer> honest) {
    List<Nemesis> nemeses = new ArrayList<>();
    int cuts = random.nextInt(1, 4);
    for (int i = 0; i < cuts; i++) {
      nemeses.add(cut(random, order, honest));
    }
    int faults = random.nextInt(2, 6);
    for (int i = 0; i < Math.min(faults, honest.size()); i++) {
      nemeses.add(fault(random, i, honest.get(i)));
    }
    return nemeses;
  }

  private static Nemesis cut(SplittableRandom random, List<Integer> order, List<Integer> honest) {
    long at = random.nextLong(BEGINS_MILLIS, ENDS_MILLIS - 3_000);
    long lasts = random.nextLong(1_000, ENDS_MILLIS - at);
    int nodes = order.size();
    int turn = random.nextInt(nodes);
    List<Integer> turned = new ArrayList<>(order.subList(turn, nodes));
    turned.addAll(order.subList(0, turn));
    List<Integer> half = turned.subList(0, nodes / 2);
    return switch (random.nextInt(6)) {
      case 0 -> new Nemesis.Split(at, lasts, half);
      case 1 -> new Nemesis.Split(at, lasts, turned.subList(0, 1));
      case 2 -> new Nemesis.Ring(at, lasts, turned);
      case 3 -> new Nemesis.Bridge(at, lasts, half, honest.get(random.nextInt(honest.size())));
      case 4 -> new Nemesis.OneWay(at, lasts, turned.subList(0, random.nextInt(1, nodes / 2)));
      default ->
          new Nemesis.Flapping(
              at,
              lasts,
              random.nextLong(300, 4_000),
              turned.subList(0, random.nextInt(1, nodes / 2 + 1)));
    };
  }

  /// Of the faults that take something durable from a disk there are two at most, the first two: a
  /// record that two other nodes hold outlives them.
  private static Nemesis fault(SplittableRandom random, int number, int node) {
    long at = random.nextLong(BEGINS_MILLIS, ENDS_MILLIS - 5_000);
    long lasts = random.nextLong(200, Math.min(8_000, ENDS_MILLIS - at));
    return switch (random.nextInt(number < 2 ? 5 : 3)) {
      case 0 -> new Nemesis.Crash(at, lasts, node);
      case 1 -> {
        Nemesis.Failing failing =
            random.nextBoolean() ? Nemesis.Failing.FULL : Nemesis.Failing.FORCES;
        yield new Nemesis.DiskFails(at, lasts, node, failing);
      }
      case 2 -> new Nemesis.Clone(at, lasts, node);
      case 3 -> new Nemesis.Rot(at, lasts, node, random.nextInt(1, 4));
      default ->
          new Nemesis.Rollback(at, lasts, node, Math.max(1_000, at - random.nextLong(500, 10_000)));
    };
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
