package io.skein.api.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How strongly each action is advised. Nodes with the same `headsRoot` have the same strengths at
/// the same time.
///
/// @param headsRoot root over the heads of the records they follow from; empty while records that
///   came are still to be taken in
/// @param at which time they are of, a full minute of this node's clock
/// @param effects how many measured repairs they are made of
/// @param strengths by diagnosis, then action
public record StrengthsView(
    Optional<String> headsRoot,
    Instant at,
    int effects,
    List<HealingStateView.Strength> strengths) {
  public StrengthsView {
    strengths = List.copyOf(strengths);
  }
}
