package io.skein.routing.predict;

import java.util.List;
import java.util.Optional;

/// One class of a service's requests, for people.
///
/// @param number as policies see it; 0 for all requests of no class of their own
/// @param fingerprint what its requests have in common; empty for number 0
/// @param requestsPerSecond answers a second over about 10 s, failures not among them
/// @param endpoints what it costs where it was answered, by the endpoints' ids
public record ClassSeen(
    int number,
    Optional<Fingerprint> fingerprint,
    double requestsPerSecond,
    List<ClassAtEndpoint> endpoints) {
  public ClassSeen {
    endpoints = List.copyOf(endpoints);
  }
}
