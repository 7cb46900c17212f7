package io.skein.app.routes;

import io.skein.app.traffic.Traffic;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.Target;
import java.net.URI;
import java.util.Optional;

/// Where endpoints' URLs point.
final class EndpointTargets {
  private EndpointTargets() {}

  /// Empty for an endpoint whose URL is no `scheme://host[:port]` of a scheme that is spoken.
  ///
  /// @param wanted how the service's endpoints are spoken to
  static Optional<Target> of(PutEndpoint endpoint, Traffic.Endpoints wanted) {
    try {
      URI url = URI.create(endpoint.url());
      Optional<Scheme> scheme = Scheme.find(String.valueOf(url.getScheme()));
      if (scheme.isEmpty() || url.getHost() == null) {
        return Optional.empty();
      }
      int port = url.getPort() < 0 ? scheme.get().defaultPort() : url.getPort();
      return Optional.of(
          new Target.EndpointTarget(
              url.getHost(), port, scheme.get(), wanted.tls(), wanted.sendProxy()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
