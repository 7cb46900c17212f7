package io.skein.routing.candidate;

/// When a service has so few usable candidates that doubtful ones are used too: Envoy's panic
/// threshold. What is known of endpoints may be wrong, and those that remain may not bear all.
///
/// @param below share of the candidates that do not drain, 0 to 1; while fewer are usable, the rule
///   holds. Lower: what fails gets no requests even if the few that remain break down under them;
///   0: never, and a service without a usable endpoint answers nothing. Higher: requests are spent
///   on endpoints that fail
public record PanicRule(double below) {
  /// Below a half.
  public static final PanicRule DEFAULT = new PanicRule(0.5);

  /// Never.
  public static final PanicRule NEVER = new PanicRule(0);

  public PanicRule {
    if (!(below >= 0 && below <= 1)) {
      throw new IllegalArgumentException("below: " + below + " (expected: 0..1)");
    }
  }

  /// Whether so few are too few.
  ///
  /// @param usable how many are
  /// @param staying how many there are, without those that drain
  public boolean holds(int usable, int staying) {
    return usable < below * staying;
  }
}
