package io.skein.api.view;

import java.util.List;

/// Scores of all subjects. Nodes with the same `headsRoot` have the same `repRoot`.
///
/// @param ledgerTime newest window that counts
/// @param headsRoot root over the heads the scores follow from
/// @param repRoot root over the scores
/// @param nodes what each member last said of its roots
/// @param subjects by falling score
public record ReputationView(
    long ledgerTime, String headsRoot, String repRoot, List<Roots> nodes, List<Subject> subjects) {
  public ReputationView {
    nodes = List.copyOf(nodes);
    subjects = List.copyOf(subjects);
  }

  /// A member's roots.
  ///
  /// @param node its name
  public record Roots(String node, String headsRoot, String repRoot) {}

  /// A score.
  ///
  /// @param subject an endpoint's or a node's id
  /// @param name for people
  /// @param kind `endpoint` or `node`
  /// @param score see [Scores]
  /// @param raters how many count
  /// @param windows with evidence
  /// @param neutral whether the score is the neutral one for want of raters
  public record Subject(
      String subject,
      String name,
      String kind,
      ScoreView score,
      int raters,
      int windows,
      boolean neutral) {}
}
