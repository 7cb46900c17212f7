package io.skein.routing.reputation;

/// What a node thinks of a peer as a forwarder: what the mesh thinks of it, once the node has asked
/// it itself.
///
/// @param scoreQ30 its score, 0 (never) to 2^30 (perfect)
/// @param limited whether too few speak for it to be trusted with more than a small share
public record PeerRepute(long scoreQ30, boolean limited) {
  /// Requests that a node sends a peer itself before it takes the others' word against it.
  ///
  /// Three liars who say the worst of a newcomer before anybody can have asked it would else keep
  /// it out for ever: who is asked nothing is never spoken well of. Twice what an opinion needs, so
  /// that one comes about although the first outcomes have faded when the last come. Its price: a
  /// bad peer gets so many requests of each node, and again when the node has forgotten it.
  public static final int HEARING = 8;

  /// One in Q30.
  static final long ONE_Q30 = 1L << 30;

  private static final long UNHEARD_Q30 = ONE_Q30 / 6 * 5;

  /// @throws IllegalArgumentException if the score is out of range
  public PeerRepute {
    if (scoreQ30 < 0 || scoreQ30 > ONE_Q30) {
      throw new IllegalArgumentException("scoreQ30: " + scoreQ30 + " (expected: 0..2^30)");
    }
  }

  /// The mesh's opinion for a node that has sent the peer `asked` requests lately: of a peer that
  /// it has not heard it believes nothing bad, and tries it as one of which nothing is known. Below
  /// five sixths that is more than the score alone would give it: the fourth power of that is a
  /// half. A bound of one half is not enough: where the first few have heard a slandered newcomer
  /// its score is a little more, and it would be asked so little then that it stays there.
  public static PeerRepute heard(long scoreQ30, boolean limited, long asked) {
    return asked < HEARING && scoreQ30 < UNHEARD_Q30
        ? new PeerRepute(Math.max(ONE_Q30 / 2, scoreQ30), true)
        : new PeerRepute(scoreQ30, limited);
  }
}
