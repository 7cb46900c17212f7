package io.skein.proxy.resilience;

import io.skein.routing.retry.Backoff;
import java.util.List;
import java.util.Set;

/// When a failed try is repeated. A try that no endpoint can have seen may be repeated whatever the
/// method; any other only for retriable methods. Immutable; any thread.
///
/// @param tries of one request at most, the first included, 1 to 10
/// @param connect whether a connection that could not be made is a reason
/// @param refused whether a request that the endpoint says it did nothing about is a reason
///   (`REFUSED_STREAM`, `GOAWAY`)
/// @param reset whether a connection that broke before an answer is a reason
/// @param timeout whether an answer that did not begin in time is a reason
/// @param statuses that are a reason, rising; empty: none
/// @param methods that are retriable; empty: the idempotent ones (RFC 9110 §9.2.2)
/// @param backoff the wait before a retry; a first retry of what no endpoint saw does not wait, as
///   it goes elsewhere and nothing was done yet
public record RetryRules(
    int tries,
    boolean connect,
    boolean refused,
    boolean reset,
    boolean timeout,
    List<Integer> statuses,
    Set<String> methods,
    Backoff backoff) {
  /// Three tries, for every reason; of the statuses all from 500 to 599. Two are not enough where
  /// the first went by a peer: the peer does not say at which endpoint it failed, and the second
  /// may meet it again.
  public static final RetryRules DEFAULT =
      new RetryRules(
          3,
          true,
          true,
          true,
          true,
          java.util.stream.IntStream.range(500, 600).boxed().toList(),
          Set.of(),
          Backoff.DEFAULT);

  public RetryRules {
    if (tries < 1 || tries > 10) {
      throw new IllegalArgumentException("tries: " + tries + " (expected: 1..10)");
    }
    statuses = statuses.stream().sorted().distinct().toList();
    methods = Set.copyOf(methods);
  }

  /// Whether an answer of that status is repeated rather than passed on.
  public boolean repeats(int status) {
    return status >= 400 && statuses.contains(status);
  }
}
