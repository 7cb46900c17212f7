package io.skein.routing.candidate;

/// What a policy may use beside the candidates it is given.
///
/// @param prober asks candidates for their load
public record Surroundings(Prober prober) {
  /// Everything from what this node knows itself.
  public static final Surroundings USUAL = new Surroundings(Prober.DIRECT);
}
