package io.skein.app.traffic;

import io.skein.proxy.discovery.DnsQuery;
import io.skein.proxy.discovery.DnsWatch;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Section `discovery` of a service: endpoints that each node finds out for itself from DNS, beside
/// those of the catalogue.
///
/// @param query what is asked; empty: nothing
/// @param scheme of the endpoints' URLs
/// @param servers whom to ask, in this order; not resolved; empty: the name servers of the system
/// @param minTtl shortest time between two questions, whatever the records say
/// @param maxTtl longest time
public record DiscoveryWish(
    Optional<DnsQuery> query,
    String scheme,
    List<InetSocketAddress> servers,
    Optional<Duration> minTtl,
    Optional<Duration> maxTtl) {
  /// The usual shortest time between two questions: 5 s.
  public static final Duration MIN_TTL = Duration.ofSeconds(5);

  /// The usual longest time between two questions: 5 min.
  public static final Duration MAX_TTL = Duration.ofMinutes(5);

  /// Nothing said.
  public static final DiscoveryWish DEFAULT =
      new DiscoveryWish(Optional.empty(), "http", List.of(), Optional.empty(), Optional.empty());

  public DiscoveryWish {
    servers = List.copyOf(servers);
  }

  /// What is to be asked again and again, if anything.
  public Optional<DnsWatch.Wanted> wanted() {
    Duration least = minTtl.orElse(MIN_TTL);
    Duration most = maxTtl.orElse(MAX_TTL);
    return query.map(asked ->
        new DnsWatch.Wanted(
            asked,
            servers.stream()
                .map(server -> new InetSocketAddress(server.getHostString(), server.getPort()))
                .toList(),
            least,
            most.compareTo(least) < 0 ? least : most));
  }
}
