package io.skein.api.view;

import java.util.Optional;
import java.util.OptionalDouble;

/// An experiment on a route.
///
/// @param name its name
/// @param route whose clients it divides
/// @param run what makes it this one, in hexadecimal digits; changed, it is another
/// @param state `running` or `ended`
/// @param verdict why it ended: `slower`, `failing`, `better`, `undecided`, `stopped`, `changed`;
///   empty while it runs
/// @param share of the clients that get the treatment; empty if it is in no route any more
/// @param ageSeconds how long it went on
/// @param nodes whose answers are compared
/// @param control requests as the route has them
/// @param treatment the others
/// @param latency change of latency by the treatment
/// @param failures difference of the shares of failures, treatment − control
/// @param evidence how much there is
/// @param record hash of the record that says how it ended; empty while it runs
public record ExperimentView(
    String name,
    String route,
    String run,
    String state,
    String verdict,
    OptionalDouble share,
    long ageSeconds,
    int nodes,
    Arm control,
    Arm treatment,
    Change latency,
    double failures,
    Evidence evidence,
    Optional<String> record) {
  /// One arm's answers.
  ///
  /// @param meanMs geometric mean of the latencies of those that did not fail; empty without any
  public record Arm(long requests, long failed, OptionalDouble meanMs) {}

  /// A change as a share of what it was: 0.1 is 10 % more. Empty where nothing was compared.
  ///
  /// @param low the true one is no lower, at all times but with the experiment's alpha
  /// @param high nor higher
  public record Change(OptionalDouble estimate, OptionalDouble low, OptionalDouble high) {}

  /// Natural logarithms of evidence.
  ///
  /// @param harm that the treatment is worse by more than its margin
  /// @param gain that it is better
  /// @param enough what either must reach to end the experiment
  public record Evidence(double harm, double gain, double enough) {}
}
