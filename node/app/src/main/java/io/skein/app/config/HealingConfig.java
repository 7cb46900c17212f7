package io.skein.app.config;

import static java.util.Map.entry;

import io.skein.healing.HealingPlan;
import io.skein.healing.swarm.ActionKind;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Section `healing`: what this node may do to heal the mesh.
///
/// @param modes by action; one that is not there is observed
/// @param mostAtOnce shared actions at once. Less: a wave of faults is repaired later. More: a
///   wrong diagnosis of everything reaches further before anybody looks
/// @param mostPerMinute shared actions a minute
public record HealingConfig(Map<ActionKind, Mode> modes, int mostAtOnce, int mostPerMinute) {
  static final int MOST_AT_ONCE = 1_000;
  static final int MOST_PER_MINUTE = 60_000;

  /// Acts, but for taking back what somebody has ordered, for sending clients elsewhere, who may
  /// know no other node, and for asking an endpoint from where an address may mean another; 20 at
  /// once, 300 a minute.
  public static final HealingConfig DEFAULT =
      new HealingConfig(
          Map.ofEntries(
              entry(ActionKind.SET_ASIDE, Mode.ACT),
              entry(ActionKind.SHIFT, Mode.ACT),
              entry(ActionKind.COVER, Mode.ACT),
              entry(ActionKind.RE_HOME, Mode.OBSERVE),
              entry(ActionKind.AVOID, Mode.ACT),
              entry(ActionKind.DRAIN, Mode.OBSERVE),
              entry(ActionKind.REBUILD, Mode.ACT),
              entry(ActionKind.FALL_BACK, Mode.ACT),
              entry(ActionKind.SHED, Mode.ACT),
              entry(ActionKind.REJOIN, Mode.ACT),
              entry(ActionKind.ROLL_BACK, Mode.OBSERVE)),
          HealingPlan.DEFAULT.mostAtOnce(),
          HealingPlan.DEFAULT.mostPerMinute());

  /// Whether an action is carried out.
  public enum Mode {
    /// It is.
    ACT,
    /// It is told of, in the events and in a metric.
    OBSERVE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public HealingConfig {
    modes = Map.copyOf(modes);
    Limits.integer(mostAtOnce, 1, MOST_AT_ONCE);
    Limits.integer(mostPerMinute, 1, MOST_PER_MINUTE);
  }

  /// What is done about a kind of action.
  public Mode mode(ActionKind kind) {
    return modes.getOrDefault(kind, Mode.OBSERVE);
  }

  /// As the mesh takes it.
  public HealingPlan plan() {
    Set<ActionKind> acting = EnumSet.noneOf(ActionKind.class);
    modes.forEach((kind, mode) -> {
      if (mode == Mode.ACT) {
        acting.add(kind);
      }
    });
    return new HealingPlan(acting, mostAtOnce, mostPerMinute);
  }
}
