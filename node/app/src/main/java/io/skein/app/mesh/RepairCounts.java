package io.skein.app.mesh;

import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Outcome;
import java.util.EnumMap;
import java.util.Map;

/// Counts repairs, since this node runs. Confined to the mesh thread.
public final class RepairCounts {
  private final Map<ActionKind, Long> begun = new EnumMap<>(ActionKind.class);
  private final Map<ActionKind, Long> observed = new EnumMap<>(ActionKind.class);
  private final Map<ActionKind, Long> undone = new EnumMap<>(ActionKind.class);
  private final Map<Outcome, Long> measured = new EnumMap<>(Outcome.class);

  /// The counts at one moment.
  ///
  /// @param begun repairs that this node decided
  /// @param observed those it would have decided
  /// @param undone those of its own that it undid
  /// @param measured repairs of all nodes, by what came of them
  public record Totals(
      Map<ActionKind, Long> begun,
      Map<ActionKind, Long> observed,
      Map<ActionKind, Long> undone,
      Map<Outcome, Long> measured) {
    static final Totals NONE = new Totals(Map.of(), Map.of(), Map.of(), Map.of());

    public Totals {
      begun = Map.copyOf(begun);
      observed = Map.copyOf(observed);
      undone = Map.copyOf(undone);
      measured = Map.copyOf(measured);
    }
  }

  void begun(ActionKind kind) {
    begun.merge(kind, 1L, Long::sum);
  }

  void observed(ActionKind kind) {
    observed.merge(kind, 1L, Long::sum);
  }

  void undone(ActionKind kind) {
    undone.merge(kind, 1L, Long::sum);
  }

  void measured(Outcome outcome) {
    measured.merge(outcome, 1L, Long::sum);
  }

  Totals totals() {
    return new Totals(begun, observed, undone, measured);
  }
}
