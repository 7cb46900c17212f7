package io.skein.simulator.mesh;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One thing that goes wrong for a while. Nodes are numbers, times milliseconds since the start.
sealed interface Nemesis {
  /// When it begins.
  long atMillis();

  /// How long it lasts.
  long forMillis();

  /// The network does not carry some directions: sender to receivers.
  sealed interface Cut extends Nemesis {
    /// Which, while it lasts.
    SortedMap<Integer, SortedSet<Integer>> directions(int nodes);
  }

  /// Two sides without a connection.
  record Split(long atMillis, long forMillis, List<Integer> side) implements Cut {
    public Split {
      side = List.copyOf(side);
    }

    @Override
    public SortedMap<Integer, SortedSet<Integer>> directions(int nodes) {
      return between(nodes, (from, to) -> side.contains(from) != side.contains(to));
    }
  }

  /// One side is not heard by the other, but hears it.
  record OneWay(long atMillis, long forMillis, List<Integer> silenced) implements Cut {
    public OneWay {
      silenced = List.copyOf(silenced);
    }

    @Override
    public SortedMap<Integer, SortedSet<Integer>> directions(int nodes) {
      return between(nodes, (from, to) -> silenced.contains(from) && !silenced.contains(to));
    }
  }

  /// Each node reaches its two neighbours in a ring only.
  record Ring(long atMillis, long forMillis, List<Integer> order) implements Cut {
    public Ring {
      order = List.copyOf(order);
    }

    @Override
    public SortedMap<Integer, SortedSet<Integer>> directions(int nodes) {
      return between(
          nodes,
          (from, to) -> {
            int distance = Math.floorMod(order.indexOf(from) - order.indexOf(to), nodes);
            return distance != 1 && distance != nodes - 1;
          });
    }
  }

  /// Two halves that only one node connects.
  record Bridge(long atMillis, long forMillis, List<Integer> side, int bridge) implements Cut {
    public Bridge {
      side = List.copyOf(side);
    }

    @Override
    public SortedMap<Integer, SortedSet<Integer>> directions(int nodes) {
      return between(
          nodes,
          (from, to) -> from != bridge && to != bridge && side.contains(from) != side.contains(to));
    }
  }

  /// A split that comes and goes, faster than silence is noticed or slower.
  record Flapping(long atMillis, long forMillis, long everyMillis, List<Integer> side)
      implements Cut {
    public Flapping {
      side = List.copyOf(side);
    }

    @Override
    public SortedMap<Integer, SortedSet<Integer>> directions(int nodes) {
      return new Split(atMillis, forMillis, side).directions(nodes);
    }
  }

  /// Something happens to one node.
  sealed interface Fault extends Nemesis {
    int node();
  }

  /// It loses power right after it took a write, and starts again.
  record Crash(long atMillis, long forMillis, int node) implements Fault {}

  /// Its disk does not do what it should.
  record DiskFails(long atMillis, long forMillis, int node, Failing failing) implements Fault {}

  /// What a disk does not do.
  enum Failing {
    /// It has no room.
    FULL,
    /// It cannot force.
    FORCES,
    /// It does not give back the records that are on it.
    READS
  }

  /// Bits of stored records flip; then it loses power and starts again.
  record Rot(long atMillis, long forMillis, int node, int records) implements Fault {}

  /// It loses power and starts again with an image of its disk that was made earlier.
  record Rollback(long atMillis, long forMillis, int node, long imageMillis) implements Fault {}

  /// A machine started from a copy of its data directory runs beside it.
  record Clone(long atMillis, long forMillis, int node) implements Fault {}

  /// Some nodes lose power at once, and start again at once.
  record Outage(long atMillis, long forMillis, List<Integer> nodes) implements Nemesis {
    public Outage {
      nodes = List.copyOf(nodes);
    }
  }

  /// Its disk takes up to `most` to make a write durable.
  record SlowForces(long atMillis, long forMillis, int node, Duration most) implements Fault {}

  /// Its disk stands still, and so does all that the node does but its clock and its connections.
  record Stall(long atMillis, long forMillis, int node) implements Fault {}

  /// Its clock is wrong by `byMillis`, then right, then wrong again, each for `everyMillis`.
  record WrongClock(long atMillis, long forMillis, int node, long byMillis, long everyMillis)
      implements Fault {}

  /// Its disk is gone, its key with it; it joins anew.
  record LostDisk(long atMillis, long forMillis, int node) implements Fault {}

  /// A test of one direction.
  interface Direction {
    boolean cut(int from, int to);
  }

  private static SortedMap<Integer, SortedSet<Integer>> between(int nodes, Direction direction) {
    TreeMap<Integer, SortedSet<Integer>> cut = new TreeMap<>();
    for (int from = 0; from < nodes; from++) {
      for (int to = 0; to < nodes; to++) {
        if (from != to && direction.cut(from, to)) {
          cut.computeIfAbsent(from, _ -> new TreeSet<>()).add(to);
        }
      }
    }
    return cut;
  }
}
