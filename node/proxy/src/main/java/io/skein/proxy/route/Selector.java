package io.skein.proxy.route;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.predict.ServiceClasses;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Chooses a candidate of one service: a policy bound to a snapshot. Thread-safe; never blocks.
public interface Selector {
  /// @param request class of the request
  /// @param tried a candidate that failed this request, or
  ///   [io.skein.routing.candidate.Policy#NOT_TRIED]
  /// @param mayForward whether a peer may be chosen; false for what a peer forwarded to us
  /// @param nowNanos monotonic now
  /// @param random source of chance of the calling event loop
  Decision choose(
      RequestClass request,
      Candidate tried,
      boolean mayForward,
      long nowNanos,
      RandomGenerator random);

  /// The same for a request that has a key.
  ///
  /// @param key a hash of what [#key] names; any number where that is nothing
  default Decision choose(
      RequestClass request,
      long key,
      Candidate tried,
      boolean mayForward,
      long nowNanos,
      RandomGenerator random) {
    return choose(request, tried, mayForward, nowNanos, random);
  }

  /// Chooses for a request whose policy named a candidate that it cannot use: among the others by
  /// weight and chance, first those here that are usable, then peers, then whoever the panic rule
  /// allows.
  ///
  /// @param wanted whether a candidate may be chosen
  /// @param mayForward as for `choose`
  default Decision elsewhere(
      Predicate<Candidate> wanted, boolean mayForward, RandomGenerator random) {
    return Decision.NoneAvailable.ALL_TRIED;
  }

  /// Whether a candidate stands still, so that a request that waits there is better sent to another
  /// one too.
  default boolean standsStill(Candidate candidate, long nowNanos) {
    return false;
  }

  /// How a request would be sent now, for people; off the event loops. Empty if it cannot say.
  ///
  /// @param key as for `choose`
  default Optional<LocalFirst.Explained> explain(
      RequestClass request, long key, long nowNanos, RandomGenerator random) {
    return Optional.empty();
  }

  /// What of a request is its key.
  default RequestKey key() {
    return RequestKey.NONE;
  }

  /// What is learned of the classes of the service's requests, for a policy that asks;
  /// [ServiceClasses#NONE] otherwise.
  default ServiceClasses classes() {
    return ServiceClasses.NONE;
  }

  /// Where clients stay, which comes before the choice of a first candidate.
  default Affinity affinity() {
    return Affinity.NONE;
  }
}
