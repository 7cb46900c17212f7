package io.skein.gossip.coordinate;

import io.skein.gossip.transport.PeerId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Finds this node's coordinate from round trips to peers whose coordinates are known.
///
/// Each round trip is a spring whose rest length is the measured time; the node moves along it by a
/// part of the stretch [1]. With w = e_i / (e_i + e_j) and the relative stretch s = |d − rtt| /
/// rtt:
///
/// ```
/// e_i ← s · c_e · w + e_i · (1 − c_e · w)          at most 1.5
/// x_i ← x_i + c_c · w · (rtt − d) · u(x_i − x_j)   c_e = c_c = 0.25
/// ```
///
/// In a height-vector space the unit vector has a height part too, the sum of both heights over the
/// distance, so that what is common to all paths of a node ends up in its height. Of the last three
/// round trips to a peer the median is taken, so that one delayed answer moves nothing. O(8) a
/// sample, three numbers a peer.
///
/// Confined to one thread.
///
/// 1. F. Dabek, R. Cox, F. Kaashoek, R. Morris: "Vivaldi: A Decentralized Network Coordinate
///    System", SIGCOMM 2004, §3–5.
public final class Vivaldi {
  private static final double ERROR_GAIN = 0.25;
  private static final double MOVE_GAIN = 0.25;
  private static final double MAX_RTT_SECONDS = 10;
  private static final double MIN_RTT_SECONDS = 1e-6;
  private static final double NEAR_ZERO = 1e-6;
  private static final int MEDIAN_OF = 3;

  private final RandomGenerator random;
  private final TreeMap<PeerId, ArrayDeque<Double>> samples = new TreeMap<>();
  private Coordinate coordinate = Coordinate.origin();

  /// Starts at the origin; `random` parts nodes that lie on one another.
  public Vivaldi(RandomGenerator random) {
    this.random = random;
  }

  /// Where this node is now.
  public Coordinate coordinate() {
    return coordinate;
  }

  /// Takes in one round trip to `peer`, which said to be at `remote`. One outside 0–10 s is
  /// ignored.
  public void observe(PeerId peer, Coordinate remote, long rttNanos) {
    double measured = rttNanos / 1e9;
    if (rttNanos < 0 || measured > MAX_RTT_SECONDS || !remote.isValid()) {
      return;
    }
    double rtt = Math.max(median(peer, measured), MIN_RTT_SECONDS);
    Coordinate next = moved(remote, rtt);
    // only a peer that lies grossly can push us out of bounds; better to start over than to stay
    coordinate = next.isValid() ? next : Coordinate.origin();
  }

  private Coordinate moved(Coordinate remote, double rtt) {
    double distance = coordinate.distanceSeconds(remote);
    double stretch = Math.abs(distance - rtt) / rtt;
    double errors = Math.max(coordinate.error() + remote.error(), NEAR_ZERO);
    double weight = coordinate.error() / errors;
    double error = stretch * ERROR_GAIN * weight + coordinate.error() * (1 - ERROR_GAIN * weight);
    double force = MOVE_GAIN * weight * (rtt - distance);

    double[] place = coordinate.place();
    double[] from = remote.place();
    double plane = coordinate.planeDistance(remote);
    double height = coordinate.heightSeconds();
    if (plane > NEAR_ZERO) {
      for (int i = 0; i < place.length; i++) {
        place[i] += force * (place[i] - from[i]) / plane;
      }
      height += force * (height + remote.heightSeconds()) / plane;
    } else {
      double[] direction = direction();
      for (int i = 0; i < place.length; i++) {
        place[i] += force * direction[i];
      }
    }
    return new Coordinate(
        place,
        Math.max(height, Coordinate.MIN_HEIGHT_SECONDS),
        Math.min(error, Coordinate.MAX_ERROR));
  }

  private double[] direction() {
    double[] direction = new double[Coordinate.DIMENSIONS];
    double sum = 0;
    while (sum < NEAR_ZERO) {
      sum = 0;
      for (int i = 0; i < direction.length; i++) {
        direction[i] = random.nextDouble() - 0.5;
        sum += direction[i] * direction[i];
      }
    }
    double length = Math.sqrt(sum);
    return Arrays.stream(direction).map(part -> part / length).toArray();
  }

  private double median(PeerId peer, double measured) {
    ArrayDeque<Double> last = samples.computeIfAbsent(peer, _ -> new ArrayDeque<>(MEDIAN_OF));
    if (last.size() == MEDIAN_OF) {
      last.removeFirst();
    }
    last.addLast(measured);
    double[] sorted = last.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[(sorted.length - 1) / 2];
  }

  /// Drops what is remembered of other peers than these.
  public void retain(Set<PeerId> peers) {
    samples.keySet().retainAll(peers);
  }
}
