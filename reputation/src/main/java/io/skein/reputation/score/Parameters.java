package io.skein.reputation.score;

/// The knobs of scoring. They are part of what all nodes of a mesh must have in common.
///
/// @param endpointRaters raters from which an endpoint has a score of its own (below: neutral ½).
///   Higher: one node's view moves nobody; lower: a score comes sooner. 1 to 1,000
/// @param peerRaters raters from which a peer may score above ½. 1 to 1,000
/// @param minimumOutcomes outcomes, after decay, that make an opinion. Higher: fewer opinions from
///   noise; lower: rarely used subjects get a score. 1 to 1,000
/// @param raterAgeWindows windows since its first record from which a node rates. Higher: fresh
///   identities wait longer; lower: a new mesh has scores sooner. 0 to 64
public record Parameters(
    int endpointRaters, int peerRaters, int minimumOutcomes, int raterAgeWindows) {
  /// Two raters, three raters, four outcomes, six windows.
  public static final Parameters DEFAULT = new Parameters(2, 3, 4, 6);

  /// @throws IllegalArgumentException if a value is out of range
  public Parameters {
    check("endpointRaters", endpointRaters, 1, 1_000);
    check("peerRaters", peerRaters, 1, 1_000);
    check("minimumOutcomes", minimumOutcomes, 1, 1_000);
    check("raterAgeWindows", raterAgeWindows, 0, 64);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + ".." + most + ")");
    }
  }
}
