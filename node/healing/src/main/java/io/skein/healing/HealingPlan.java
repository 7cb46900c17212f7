package io.skein.healing;

import io.skein.healing.swarm.ActionKind;
import java.util.EnumSet;
import java.util.Set;

/// What this node may do to heal the mesh.
///
/// @param acting what it carries out; of the rest it only tells
/// @param mostAtOnce shared actions at once, at least 1
/// @param mostPerMinute shared actions a minute, at least 1
public record HealingPlan(Set<ActionKind> acting, int mostAtOnce, int mostPerMinute) {
  /// Everything; 20 at once, 300 a minute.
  public static final HealingPlan DEFAULT =
      new HealingPlan(EnumSet.allOf(ActionKind.class), 20, 300);

  public HealingPlan {
    acting = Set.copyOf(acting);
  }
}
