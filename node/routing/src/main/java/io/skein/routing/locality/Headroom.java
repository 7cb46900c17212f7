package io.skein.routing.locality;

import io.skein.routing.candidate.Candidate;
import java.util.ArrayList;
import java.util.List;

/// Shares by spare capacity.
///
/// ```
/// headroom = endpoints · max(0, 1 − utilisation)
/// share    = headroom ÷ sum of all headrooms
/// ```
///
/// Three places with ten endpoints each, used to 0.7, 0.3 and 0.4, have 3, 7 and 6 endpoints to
/// spare and get 19, 44 and 37 % of what has no reason to be in one of them rather than another.
///
/// Source: the endpoint- and utilisation-weighted split of zone-aware balancers (Envoy's zone-aware
/// routing weighs by endpoints, Google Cloud's utilisation balancing mode by what is left of them).
public final class Headroom {
  // So that whole numbers are fine enough where weights are small.
  private static final int SCALE = 1 << 10;

  private Headroom() {}

  /// A place with endpoints.
  ///
  /// @param endpoints usable ones
  /// @param utilisation their busy share, 0 to 1; above 1 counts as 1
  public record Place(int endpoints, double utilisation) {
    public Place {
      if (endpoints < 0 || !(utilisation >= 0)) {
        throw new IllegalArgumentException(
            endpoints + " endpoints at " + utilisation + " (expected: >= 0)");
      }
    }

    /// Idle endpoints.
    public double spare() {
      return endpoints * Math.max(0, 1 - utilisation);
    }
  }

  /// Each place's share; by endpoints alone where nobody has any headroom. Sums to 1, or all are 0
  /// where there are no endpoints.
  public static double[] shares(List<Place> places) {
    double sum = places.stream().mapToDouble(Place::spare).sum();
    if (sum > 0) {
      return places.stream().mapToDouble(place -> place.spare() / sum).toArray();
    }
    double endpoints = Math.max(1, places.stream().mapToInt(Place::endpoints).sum());
    return places.stream().mapToDouble(place -> place.endpoints() / endpoints).toArray();
  }

  /// Peers whose weights are what they were, times their headroom. Who did not say what it has
  /// counts as the mean of those who did; who has nothing keeps the least weight there is. As they
  /// were where nobody said anything, or nobody has anything.
  ///
  /// @param spare what each has, in the order of the peers, or [Candidate#UNKNOWN_SPARE]
  public static List<Candidate> weighing(List<Candidate> peers, double[] spare) {
    double most = 0;
    double sum = 0;
    int known = 0;
    for (double each : spare) {
      if (each >= 0) {
        most = Math.max(most, each);
        sum += each;
        known++;
      }
    }
    List<Candidate> weighed = new ArrayList<>(peers.size());
    for (int i = 0; i < peers.size(); i++) {
      Candidate peer = peers.get(i);
      double own = spare[i] >= 0 ? spare[i] : sum / Math.max(1, known);
      weighed.add(
          most > 0
              ? peer.sparing(
                  (int) Math.max(1, Math.round((double) peer.weight() * SCALE * own / most)),
                  spare[i])
              : peer.sparing(peer.weight(), spare[i]));
    }
    return weighed;
  }
}
