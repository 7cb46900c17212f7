package io.skein.api.view;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How healing stands on a node.
///
/// @param patience by how much it multiplies its patience before it accuses others, 1 to 9; more
///   than 1 while it doubts its own senses
/// @param acting what it carries out and what it only tells of: `act` or `observe`, by action
/// @param diagnoses what it finds wrong now
/// @param strengths how strongly each action is advised, from what came of earlier ones
public record HealingStateView(
    int patience, Map<String, String> acting, List<Finding> diagnoses, List<Strength> strengths) {
  /// A node that heals nothing.
  public static final HealingStateView NONE =
      new HealingStateView(1, Map.of(), List.of(), List.of());

  public HealingStateView {
    acting = Collections.unmodifiableMap(new LinkedHashMap<>(acting));
    diagnoses = List.copyOf(diagnoses);
    strengths = List.copyOf(strengths);
  }

  /// Something that is wrong.
  ///
  /// @param kind such as `node-clock-skewed`
  /// @param subject an endpoint's or a node's id, two nodes' ids for a link, a region's name
  /// @param subjectKind `endpoint`, `node`, `link`, `region`, `service`
  /// @param subjectName for people
  /// @param evidence the figures it rests on
  public record Finding(
      String kind, String subject, String subjectKind, String subjectName, String evidence) {}

  /// How strongly an action is advised.
  ///
  /// @param diagnosis its kind
  /// @param strength 0.25 to 10
  public record Strength(String diagnosis, String action, double strength) {}
}
