package io.skein.healing.shadow;

/// A node that may shadow another, or the node to be shadowed.
///
/// @param id its id
/// @param region where it is
/// @param zone where in the region
/// @param distanceMillis round trip to it, at least 0
/// @param headroom share of its capacity that is free, 0 to 1
public record ShadowPeer(
    String id, String region, String zone, double distanceMillis, double headroom) {
  public ShadowPeer {
    if (!(distanceMillis >= 0)) {
      throw new IllegalArgumentException("distanceMillis: " + distanceMillis + " (expected: >= 0)");
    }
    if (!(headroom >= 0 && headroom <= 1)) {
      throw new IllegalArgumentException("headroom: " + headroom + " (expected: 0..1)");
    }
  }
}
