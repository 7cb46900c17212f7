package io.skein.app.traffic;

import io.skein.proxy.health.Pace;
import io.skein.proxy.health.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Section `health` of a service, but for what its record has fields for (path, interval, timeout).
///
/// @param kind what is asked; empty: an HTTP request if there is a path, else nothing
/// @param statuses of a good HTTP answer; empty: 2xx and 3xx
/// @param host the Host value or `:authority`; empty: the endpoint's address
/// @param fields further header fields of the request
/// @param body text that the answer's body must contain
/// @param send what is sent to a TCP endpoint
/// @param expect what a TCP endpoint must say
/// @param grpcService whose health is asked for; empty: the server's
/// @param tls whether TLS is spoken; empty: as the endpoint's URL says
/// @param serverName the name for SNI
/// @param verify whether the certificate is judged; false unless said
/// @param healthyAfter good checks in a row that make an endpoint healthy
/// @param unhealthyAfter bad checks in a row that make it unhealthy
/// @param whileBad pause after a bad check; half of the interval unless said
public record HealthWish(
    Optional<Kind> kind,
    List<Probe.Statuses> statuses,
    Optional<String> host,
    List<Probe.Field> fields,
    Optional<String> body,
    Optional<String> send,
    Optional<String> expect,
    Optional<String> grpcService,
    Optional<Boolean> tls,
    Optional<String> serverName,
    Optional<Boolean> verify,
    OptionalInt healthyAfter,
    OptionalInt unhealthyAfter,
    Optional<Duration> whileBad) {
  /// Nothing said.
  public static final HealthWish DEFAULT =
      new HealthWish(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty());

  /// What is asked.
  public enum Kind {
    HTTP,
    TCP,
    TLS,
    GRPC;

    /// The name in configuration: `http`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public HealthWish {
    statuses = List.copyOf(statuses);
    fields = List.copyOf(fields);
  }

  /// What is to be asked, if anything.
  ///
  /// @param path of the service's record; may be empty text
  /// @param secure whether the endpoint's URL says that TLS is spoken
  public Optional<Probe> probe(String path, boolean secure) {
    Optional<Probe.Tls> how =
        tls.orElse(secure)
            ? Optional.of(new Probe.Tls(serverName, verify.orElse(false)))
            : Optional.empty();
    if (kind.isEmpty() && path.isEmpty()) {
      return Optional.empty();
    }
    return switch (kind.orElse(Kind.HTTP)) {
      case HTTP ->
          path.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new Probe.Http(
                      path,
                      statuses.isEmpty() ? Probe.Http.USUAL : statuses,
                      host,
                      fields,
                      body,
                      how));
      case TCP -> Optional.of(new Probe.Tcp(send.orElse(""), expect.orElse("")));
      case TLS -> Optional.of(new Probe.Handshake(new Probe.Tls(serverName, verify.orElse(false))));
      case GRPC -> Optional.of(new Probe.Grpc(grpcService.orElse(""), host, how));
    };
  }

  /// When it is asked, and when it is believed.
  public Pace pace(Duration interval, Duration timeout) {
    Pace usual = Pace.every(interval, timeout);
    Duration after = whileBad.orElse(usual.whileBad());
    return new Pace(
        interval,
        after.compareTo(interval) > 0 ? interval : after,
        timeout,
        usual.jitter(),
        healthyAfter.orElse(usual.healthyAfter()),
        unhealthyAfter.orElse(usual.unhealthyAfter()));
  }
}
