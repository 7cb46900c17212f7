package io.skein.routing.rate;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// One limit for a whole mesh, shared by demand. Each node tells the others what it is asked for
/// ([Demand]) every second or so, computes the same division from what it heard, and admits its own
/// share; nobody is asked in a request's way. Confined to one thread.
///
/// The division is max-min fair: whoever asks for less than an even part gets what it asks for, and
/// the rest is parted evenly among those who ask for more. If all together ask for less than the
/// limit, what is left over is parted evenly, so that everybody has room to grow before the others
/// hear of it.
///
/// A split. A node that falls silent may be dead, or serve its clients on the other side. So its
/// latest share stays its own for `holdNanos`, and the others divide what is left. Both sides do
/// the same: the shares still add up to the limit, as last known when both could talk. What a split
/// costs is that shares do not follow demand across it. A node that leaves in order gives its share
/// back at once.
///
/// Errors: demand is 1 to 3 s old, so that a jump on one node overshoots for that long by the
/// jump's spare; two nodes that hear differently differ by what they heard.
public final class MeshShares {
  // Room for demand's own noise.
  private static final double HEADROOM = 1.05;

  private final MeshRateConfig config;
  private final Map<String, Peer> peers = new TreeMap<>();

  private static final class Peer {
    double demand;
    double share;
    long heardNanos;

    Peer(long heardNanos) {
      this.heardNanos = heardNanos;
    }
  }

  public MeshShares(MeshRateConfig config) {
    this.config = config;
  }

  /// A node told what it is asked for.
  ///
  /// @param demand requests a second
  public void heard(String node, double demand, long nowNanos) {
    Peer peer = peers.computeIfAbsent(node, _ -> new Peer(nowNanos));
    peer.demand = Double.isFinite(demand) ? Math.max(0, demand) : 0;
    peer.heardNanos = nowNanos;
  }

  /// A node left in order.
  public void left(String node) {
    peers.remove(node);
  }

  /// This node's share.
  ///
  /// @param limit of the whole mesh, requests a second
  /// @param ownDemand requests a second that this node is asked for
  /// @return requests a second, over 0 if `limit` is
  public double share(double limit, double ownDemand, long nowNanos) {
    peers
        .values()
        .removeIf(peer -> nowNanos - peer.heardNanos > config.silenceNanos() + config.holdNanos());
    double reserved = 0;
    int heard = 1;
    for (Peer peer : peers.values()) {
      if (lost(peer, nowNanos)) {
        reserved += Math.min(peer.share, limit);
      } else {
        heard++;
      }
    }
    // What is reserved may never starve those who are there.
    double pool = Math.max(limit - reserved, limit / (peers.size() + 1.0) / 2);
    double[] demands = new double[heard];
    demands[0] = ownDemand * HEADROOM;
    int i = 1;
    for (Peer peer : peers.values()) {
      if (!lost(peer, nowNanos)) {
        demands[i++] = peer.demand * HEADROOM;
      }
    }
    double level = level(demands, pool);
    double spare = spare(demands, pool);
    for (Peer peer : peers.values()) {
      if (!lost(peer, nowNanos)) {
        peer.share = Math.min(peer.demand * HEADROOM, level) + spare;
      }
    }
    return Math.min(demands[0], level) + spare;
  }

  private boolean lost(Peer peer, long nowNanos) {
    return nowNanos - peer.heardNanos > config.silenceNanos();
  }

  /// Nodes that are silent and whose shares are kept.
  public int lost(long nowNanos) {
    return (int) peers.values().stream().filter(peer -> lost(peer, nowNanos)).count();
  }

  // What is left over for each if all get what they ask for.
  private static double spare(double[] demands, double pool) {
    return Math.max(0, pool - Arrays.stream(demands).sum()) / demands.length;
  }

  // The most that anybody gets of what it asks for.
  private static double level(double[] demands, double pool) {
    double[] rising = demands.clone();
    Arrays.sort(rising);
    double left = pool;
    for (int i = 0; i < rising.length; i++) {
      double even = left / (rising.length - i);
      if (rising[i] >= even) {
        return even;
      }
      left -= rising[i];
    }
    return Double.MAX_VALUE;
  }
}
