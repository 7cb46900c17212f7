package io.skein.healing.shadow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Chooses who takes over from a node. Pure and deterministic; any thread.
///
/// The idea. A shadow should be near, should not fall with the node, and should have room. Score:
///
/// ```
/// nearness · separation · room · loyalty
///   nearness    1 ÷ (1 + distance ÷ 50 ms)
///   separation  1 in another region, 0.8 in another zone, 0.15 in the same zone; for the second
///               shadow also times 1, 0.8 or 0.3 by the same relation to the first
///   room        headroom, at least 0.05
///   loyalty     1.25 for who is a shadow already, and 1.1 more in the same place, so that small
///               changes move nobody
/// ```
///
/// So another zone beats another region up to 12 ms and more away; another region beats the same
/// zone up to about 280 ms; a shadow that is full loses to one that is far. Ties go to the smaller
/// id.
public final class ShadowPlan {
  /// How many shadows a node has, if there are as many peers.
  public static final int SHADOWS = 2;

  private static final double HALF_MILLIS = 50;
  private static final double LEAST_ROOM = 0.05;
  private static final double LOYALTY = 1.25;
  private static final double SAME_PLACE = 1.1;

  private ShadowPlan() {}

  /// The best peers for `self`, best first; fewer than [#SHADOWS] if there are fewer peers.
  ///
  /// @param self the node to be shadowed; its distance and headroom do not matter
  /// @param peers live peers with their distance from `self`; `self` among them is ignored
  /// @param current ids of its shadows until now, best first
  public static List<String> choose(
      ShadowPeer self, Collection<ShadowPeer> peers, List<String> current) {
    TreeMap<String, ShadowPeer> left = new TreeMap<>();
    peers.forEach(peer -> left.put(peer.id(), peer));
    left.remove(self.id());
    List<ShadowPeer> chosen = new ArrayList<>();
    while (chosen.size() < SHADOWS && !left.isEmpty()) {
      ShadowPeer best =
          left.values().stream()
              .max(
                  Comparator.<ShadowPeer>comparingDouble(
                          peer -> score(self, peer, chosen) * loyalty(peer, chosen.size(), current))
                      .thenComparing(ShadowPeer::id, Comparator.reverseOrder()))
              .orElseThrow();
      chosen.add(best);
      left.remove(best.id());
    }
    return chosen.stream().map(ShadowPeer::id).toList();
  }

  private static double loyalty(ShadowPeer peer, int place, List<String> current) {
    int before = current.indexOf(peer.id());
    if (before < 0) {
      return 1;
    }
    return before == place ? LOYALTY * SAME_PLACE : LOYALTY;
  }

  private static double score(ShadowPeer self, ShadowPeer peer, List<ShadowPeer> chosen) {
    double score = Math.max(LEAST_ROOM, peer.headroom()) * separation(self, peer, 0.8, 0.15);
    score /= 1 + peer.distanceMillis() / HALF_MILLIS;
    for (ShadowPeer other : chosen) {
      score *= separation(other, peer, 0.8, 0.3);
    }
    return score;
  }

  private static double separation(
      ShadowPeer one, ShadowPeer other, double otherZone, double sameZone) {
    if (!one.region().equals(other.region())) {
      return 1;
    }
    return one.zone().equals(other.zone()) ? sameZone : otherZone;
  }
}
