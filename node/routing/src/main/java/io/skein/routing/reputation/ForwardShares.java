package io.skein.routing.reputation;

import java.util.ArrayList;
import java.util.List;

/// Shares of forwarded requests by reputation, as weights that every policy heeds.
///
/// *Rated peers* weigh the fourth power of their score: a peer at 0.98 weighs 0.92, one at 0.5 a
/// sixteenth, one at 0.1 a ten-thousandth. A policy that compares costs cannot do this alone: where
/// four peers of ten are bad, a sixth of all pairs drawn is of two bad ones.
///
/// *Limited peers*, those that too few speak for, are tried and no more, as long as some rated peer
/// scores above one half: each is drawn for at most `1/(4(n+2))` of the requests and all of them
/// together for at most a hundredth, or that if it is more, `n` being the peers and this node; less
/// in proportion to the fourth power of what they score below one half. A policy of two choices
/// takes one that is idle twice as often as it is drawn, and a little more because it draws without
/// putting back: that makes the bounds `1/(2n)` and `max(1/(2n), 1/50)`. The first is the mesh's
/// rule; the second stands against whitewashing, a bad peer that comes back under ever new
/// identities: four of them in a mesh of forty would otherwise have 5 % of the requests for good.
/// Its price: of many that join at once each is tried by few, and it takes them longer to be rated.
/// Where a service has two peers in all, two choices compare both whatever they weigh, and the
/// bounds do not hold.
///
/// *Peers of which a node hears ill before it has asked them itself* are tried like limited ones
/// ([PeerRepute#heard]), or as their score says if that is more: nobody is condemned unheard.
///
/// So that the trying takes place, a limited peer is shown to the policy with the best rated peer's
/// score (scaled down as its own is below one half): its weight alone holds it back. Where nobody
/// is rated above one half there is nobody to be preferred, and limited peers weigh like rated
/// ones: a new mesh forwards freely.
public final class ForwardShares {
  /// What a peer with a perfect score weighs.
  public static final int UNIT = 1 << 16;

  private static final int TRIED_DIVISOR = 4;
  private static final int NOT_PUT_BACK = 2;
  private static final long TRIED_TOGETHER_DIVISOR = 100;
  private static final long HALF_Q30 = PeerRepute.ONE_Q30 / 2;

  private ForwardShares() {}

  /// A peer's part.
  ///
  /// @param weight how often it is drawn, 1 to [#UNIT]
  /// @param reputationQ30 the score to reckon costs with
  public record Share(int weight, long reputationQ30) {}

  /// The shares of a service's peers, in their order.
  public static List<Share> of(List<PeerRepute> peers) {
    long rated = 0;
    long best = 0;
    int limited = 0;
    for (PeerRepute peer : peers) {
      if (peer.limited()) {
        limited++;
      } else {
        rated += weight(peer.scoreQ30());
        best = Math.max(best, peer.scoreQ30());
      }
    }
    boolean preferring = best > HALF_Q30;
    long tried = preferring && limited > 0 ? tried(rated, limited, peers.size() + 1) : 0;
    List<Share> shares = new ArrayList<>(peers.size());
    for (PeerRepute peer : peers) {
      shares.add(
          preferring && peer.limited()
              ? tried(peer, tried, best)
              : new Share(weight(peer.scoreQ30()), peer.scoreQ30()));
    }
    return shares;
  }

  private static Share tried(PeerRepute peer, long weight, long best) {
    long score = Math.min(peer.scoreQ30(), HALF_Q30);
    // From Q29 to Q15, so that the fourth power fits.
    long part = score >> 14;
    long scaled = weight * (part * part >> 15) >> 15;
    scaled = scaled * (part * part >> 15) >> 15;
    long least = peer.scoreQ30() > HALF_Q30 ? weight(peer.scoreQ30()) : 1;
    return new Share((int) Math.clamp(scaled, least, UNIT), best * part >> 15);
  }

  /// What one limited peer weighs beside others that weigh `rated` together.
  private static long tried(long rated, long limited, long nodes) {
    long divisor = TRIED_DIVISOR * (nodes + NOT_PUT_BACK);
    long each = rated / (divisor - limited);
    long togetherDivisor = Math.min(divisor, TRIED_TOGETHER_DIVISOR);
    return Math.min(each, rated / (limited * (togetherDivisor - 1)));
  }

  /// `UNIT · score⁴`, at least 1.
  private static int weight(long scoreQ30) {
    long square = (scoreQ30 >> 15) * (scoreQ30 >> 15);
    long fourth = (square >> 15) * (square >> 15);
    return (int) Math.max(1, fourth >> 14);
  }
}
