package io.skein.proxy.health;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What this node's checks of one endpoint add up to. Immutable.
///
/// | from | on | to |
/// |---|---|---|
/// | UNKNOWN | the first good result | HEALTHY |
/// | UNKNOWN, HEALTHY | `unhealthyAfter` bad results in a row | UNHEALTHY |
/// | UNHEALTHY | `healthyAfter` good results in a row | HEALTHY |
///
/// @param state may it take requests; UNKNOWN counts as yes
/// @param since when that state began
/// @param inRow newest results that say the same, good or bad
/// @param history the newest results, newest first, at most [#KEPT]
public record EndpointHealth(State state, Instant since, int inRow, List<Finding> history) {
  /// How many results are kept.
  public static final int KEPT = 16;

  /// What checks say of an endpoint.
  public enum State {
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
  }

  /// One result.
  ///
  /// @param at when it came
  /// @param result what was found
  public record Finding(Instant at, CheckResult result) {}

  public EndpointHealth {
    history = List.copyOf(history);
  }

  /// Of an endpoint that was never checked.
  public static EndpointHealth unknown(Instant now) {
    return new EndpointHealth(State.UNKNOWN, now, 0, List.of());
  }

  /// The same with one more result.
  public EndpointHealth after(CheckResult result, Pace pace, Instant now) {
    boolean same = !history.isEmpty() && history.getFirst().result().ok() == result.ok();
    int row = same ? inRow + 1 : 1;
    State next =
        switch (state) {
          case UNKNOWN ->
              result.ok()
                  ? State.HEALTHY
                  : row >= pace.unhealthyAfter() ? State.UNHEALTHY : State.UNKNOWN;
          case HEALTHY ->
              !result.ok() && row >= pace.unhealthyAfter() ? State.UNHEALTHY : State.HEALTHY;
          case UNHEALTHY ->
              result.ok() && row >= pace.healthyAfter() ? State.HEALTHY : State.UNHEALTHY;
        };
    List<Finding> kept = new ArrayList<>(KEPT);
    kept.add(new Finding(now, result));
    kept.addAll(history.subList(0, Math.min(history.size(), KEPT - 1)));
    return new EndpointHealth(next, next == state ? since : now, row, kept);
  }

  /// Why it is unhealthy, for people; empty text if it is not.
  public String reason() {
    if (state != State.UNHEALTHY) {
      return "";
    }
    for (Finding finding : history) {
      if (!finding.result().ok()) {
        return "check failed: " + finding.result().detail();
      }
    }
    return "checks failed";
  }
}
