package io.skein.app.traffic;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a service's traffic is to be like, as its operator said: the content of its traffic
/// document. What nobody said is empty here and means the node's own default, so that a document
/// stays as short as what was meant.
///
/// @param timeouts patience with its endpoints
/// @param retries when a failed try is repeated
/// @param health how its endpoints are checked
/// @param discovery where further endpoints are found
public record Traffic(
    Timeouts timeouts, Retries retries, HealthWish health, DiscoveryWish discovery) {
  /// Nothing said: everything as the node has it.
  public static final Traffic DEFAULT =
      new Traffic(Timeouts.DEFAULT, Retries.DEFAULT, HealthWish.DEFAULT, DiscoveryWish.DEFAULT);

  /// Section `timeouts`, each 10 ms to 1 h.
  ///
  /// @param connect until the connection to an endpoint stands
  /// @param firstByte from the end of the request until the first byte of the answer
  /// @param idle silence in the middle of a body
  public record Timeouts(
      Optional<Duration> connect, Optional<Duration> firstByte, Optional<Duration> idle) {
    /// As the node has it.
    public static final Timeouts DEFAULT =
        new Timeouts(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Section `retries`.
  ///
  /// @param budget retries allowed as a share of requests, 0 (none) to 1. More hides more failures
  ///   and multiplies the load of an overload
  public record Retries(OptionalDouble budget) {
    /// As the node has it.
    public static final Retries DEFAULT = new Retries(OptionalDouble.empty());

    public Retries {
      if (budget.isPresent() && !(budget.getAsDouble() >= 0 && budget.getAsDouble() <= 1)) {
        throw new IllegalArgumentException("budget: " + budget + " (expected: 0..1)");
      }
    }
  }
}
