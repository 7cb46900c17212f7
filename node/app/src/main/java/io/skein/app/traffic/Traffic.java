package io.skein.app.traffic;

import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.tls.EndpointTls;
import io.skein.proxy.web.Web;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a service's traffic is to be like, as its operator said: the content of its traffic
/// document. What nobody said is empty here and means the node's own default, so that a document
/// stays as short as what was meant.
///
/// @param timeouts patience with its endpoints
/// @param retries when a failed try is repeated
/// @param endpoints how its endpoints are spoken to
/// @param health how its endpoints are checked
/// @param discovery where further endpoints are found
/// @param protection what keeps its endpoints and their callers from harm
/// @param sticky whether clients stay with an endpoint
/// @param web what is done for browsers
/// @param balancing knobs of its policy
public record Traffic(
    Timeouts timeouts,
    Retries retries,
    Endpoints endpoints,
    HealthWish health,
    DiscoveryWish discovery,
    Protection protection,
    Sticky sticky,
    Web web,
    Balancing balancing) {
  /// Nothing said: everything as the node has it.
  public static final Traffic DEFAULT =
      new Traffic(
          Timeouts.DEFAULT,
          Retries.DEFAULT,
          Endpoints.DEFAULT,
          HealthWish.DEFAULT,
          DiscoveryWish.DEFAULT,
          Protection.DEFAULT,
          Sticky.NONE,
          Web.NONE,
          Balancing.DEFAULT);

  /// Section `tls` and the key `send-proxy`.
  ///
  /// @param tls how TLS is spoken to endpoints whose URL says `https` or `tls`
  /// @param sendProxy the PROXY header that relayed connections begin with
  public record Endpoints(EndpointTls tls, ProxyHeader sendProxy) {
    /// Verified under the endpoint's host name; no PROXY header.
    public static final Endpoints DEFAULT = new Endpoints(EndpointTls.DEFAULT, ProxyHeader.NONE);
  }

  /// Section `timeouts`, each 10 ms to 1 h.
  ///
  /// @param connect until the connection to an endpoint stands
  /// @param firstByte from the end of the request until the first byte of the answer
  /// @param idle silence in the middle of a body
  /// @param total from the request's head to the answer's last byte, all tries together; 0: no
  ///   limit
  public record Timeouts(
      Optional<Duration> connect,
      Optional<Duration> firstByte,
      Optional<Duration> idle,
      Duration total) {
    /// As the node has it.
    public static final Timeouts DEFAULT =
        new Timeouts(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);
  }

  /// Section `retries`.
  ///
  /// @param budget retries allowed as a share of requests, 0 (none) to 1. More hides more failures
  ///   and multiplies the load of an overload
  /// @param tries of one request at most, the first included
  /// @param on conditions: `connect`, `refused`, `reset`, `timeout`, `5xx` or a status from 400 to
  ///   599; empty: all but single statuses
  /// @param methods that are retriable although an endpoint may have seen the request; empty: the
  ///   idempotent ones
  /// @param backoff bound of the first wait, doubled with every further one
  /// @param mostBackoff bound of every wait
  public record Retries(
      OptionalDouble budget,
      int tries,
      List<String> on,
      List<String> methods,
      Duration backoff,
      Duration mostBackoff) {
    /// As the node has it; three tries, after up to 25 ms, at most 250 ms.
    public static final Retries DEFAULT =
        new Retries(
            OptionalDouble.empty(),
            3,
            List.of(),
            List.of(),
            Duration.ofMillis(25),
            Duration.ofMillis(250));

    public Retries {
      on = List.copyOf(on);
      methods = List.copyOf(methods);
      if (budget.isPresent() && !(budget.getAsDouble() >= 0 && budget.getAsDouble() <= 1)) {
        throw new IllegalArgumentException("budget: " + budget + " (expected: 0..1)");
      }
    }
  }
}
