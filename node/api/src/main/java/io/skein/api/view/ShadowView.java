package io.skein.api.view;

import java.util.List;

/// Who stands in for one node.
///
/// @param node name of the node
/// @param state `alive`, `suspect`, `dead` or `left`, as in [MemberView]: what is shown of one that
///   is gone is its last word
/// @param shadows best first
public record ShadowView(String node, String state, List<Shadow> shadows) {
  public ShadowView {
    shadows = List.copyOf(shadows);
  }

  /// A stand-in.
  ///
  /// @param node its name
  /// @param region where it stands
  /// @param rttMs distance in milliseconds; NaN if unknown
  /// @param headroom spare capacity, 0 to 1; NaN if unknown
  /// @param ageMs age of what it knows of the node; -1 if it holds nothing
  /// @param validated whether it was tried
  public record Shadow(
      String node, String region, double rttMs, double headroom, long ageMs, boolean validated) {}
}
