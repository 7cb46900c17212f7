package io.skein.routing.rate;

/// Knobs of [MeshShares].
///
/// @param silenceNanos a node that says nothing for that long is lost, at least 1. Longer than a
///   few rounds of gossip, or every lost packet freezes a share.
/// @param holdNanos how long a lost node's last share stays its own, at least 0. Longer: the limit
///   holds for as long a split; the share of a node that died is idle for that long. Shorter: the
///   other way round.
public record MeshRateConfig(long silenceNanos, long holdNanos) {
  /// 6 s and 5 minutes.
  public static final MeshRateConfig DEFAULT = new MeshRateConfig(6_000_000_000L, 300_000_000_000L);

  public MeshRateConfig {
    if (silenceNanos < 1) {
      throw new IllegalArgumentException("silenceNanos: " + silenceNanos + " (expected: >= 1)");
    }
    if (holdNanos < 0) {
      throw new IllegalArgumentException("holdNanos: " + holdNanos + " (expected: >= 0)");
    }
  }
}
