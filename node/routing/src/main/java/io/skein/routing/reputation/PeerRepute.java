package io.skein.routing.reputation;

/// What the mesh thinks of a peer as a forwarder.
///
/// @param scoreQ30 its score, 0 (never) to 2^30 (perfect)
/// @param limited whether too few speak for it to be trusted with more than a small share
public record PeerRepute(long scoreQ30, boolean limited) {
  /// One in Q30.
  static final long ONE_Q30 = 1L << 30;

  /// @throws IllegalArgumentException if the score is out of range
  public PeerRepute {
    if (scoreQ30 < 0 || scoreQ30 > ONE_Q30) {
      throw new IllegalArgumentException("scoreQ30: " + scoreQ30 + " (expected: 0..2^30)");
    }
  }
}
