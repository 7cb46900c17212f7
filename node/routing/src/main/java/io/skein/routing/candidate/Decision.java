package io.skein.routing.candidate;

/// What a policy decides.
public sealed interface Decision {
  /// Send the request there.
  record Chosen(Candidate candidate) implements Decision {}

  /// Nobody can take the request.
  enum NoneAvailable implements Decision {
    /// The service has no endpoint at all.
    NO_ENDPOINT,
    /// There are endpoints and none may be used.
    ALL_SET_ASIDE,
    /// Every usable endpoint was tried for this request already.
    ALL_TRIED,
    /// The breakers of the endpoints that were looked at are open.
    BREAKER_OPEN,
    /// The endpoints that were looked at have as many requests as they may.
    FULL
  }
}
