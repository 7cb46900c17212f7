package io.skein.app;

import io.skein.app.mesh.MeshCore;
import io.skein.app.routes.TrafficMemo;
import io.skein.app.traffic.DiscoveryWish;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.discovery.DnsWatch;
import io.skein.proxy.discovery.Found;
import io.skein.proxy.discovery.Resolution;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Endpoints that services want to be found in DNS. They are no records: each node finds them for
/// itself and reaches them as endpoints of its own region. Their ids follow from address and port
/// alone, so that what nodes learn of one endpoint adds up wherever it was found.
final class Discoveries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Discoveries.class);
  private static final long REFRESH_MILLIS = 500;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final MeshCore core;
  private final Vertx vertx;
  private final String region;
  private final DnsWatch watch;
  private final Map<String, DiscoveryWish> wishes = new TreeMap<>();
  private final Map<String, Resolution> resolved = new TreeMap<>();
  private final TrafficMemo documents;
  private long timer = -1;

  /// @param region where this node stands
  /// @param documents what services' documents say
  Discoveries(
      MeshCore core, Vertx vertx, String region, TrafficMemo documents, SplittableRandom random) {
    this.documents = documents;
    this.core = core;
    this.vertx = vertx;
    this.region = region;
    this.watch = new DnsWatch(vertx, TIMEOUT, this::resolved, Instant::now, random);
  }

  void start() {
    timer =
        vertx.setPeriodic(
            REFRESH_MILLIS, _ -> core.declarations().catalogue().thenAccept(this::look));
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    watch.close();
  }

  private void look(Map<String, Catalogue.Entry> catalogue) {
    Map<String, DnsWatch.Wanted> wanted = new TreeMap<>();
    synchronized (this) {
      wishes.clear();
      catalogue.forEach((name, entry) -> {
        DiscoveryWish wish = documents.of(entry.service().traffic()).discovery();
        wish.wanted()
            .ifPresent(query -> {
              wishes.put(name, wish);
              wanted.put(name, query);
            });
      });
      if (resolved.keySet().retainAll(wishes.keySet())) {
        publish();
      }
    }
    watch.replace(wanted);
  }

  private synchronized void resolved(String service, Resolution resolution) {
    Optional<Resolution> before = Optional.ofNullable(resolved.put(service, resolution));
    String failedBefore = before.map(Resolution::failure).orElse("");
    if (!resolution.failure().isEmpty() && failedBefore.isEmpty()) {
      LOG.warn(
          "DNS gives no answer for service {}, the last one stays: {}",
          service,
          resolution.failure());
    }
    if (resolution.leftOut() > 0 && before.map(Resolution::leftOut).orElse(0) == 0) {
      LOG.warn("{} endpoints of service {} are too many", resolution.leftOut(), service);
    }
    if (!before.map(Resolution::endpoints).equals(Optional.of(resolution.endpoints()))) {
      publish();
    }
  }

  private void publish() {
    Map<String, List<PutEndpoint>> found = new TreeMap<>();
    resolved.forEach((service, resolution) -> {
      DiscoveryWish wish = wishes.get(service);
      if (wish != null) {
        List<PutEndpoint> endpoints = new ArrayList<>();
        resolution
            .endpoints()
            .forEach(one -> endpoints.add(endpoint(service, wish.scheme(), one, region)));
        found.put(service, endpoints);
      }
    });
    core.routing().discovered(found);
  }

  static PutEndpoint endpoint(String service, String scheme, Found found, String region) {
    boolean six = found.address().indexOf(':') >= 0;
    return new PutEndpoint(
        service,
        service + "/" + name(found),
        scheme + "://" + (six ? "[" + found.address() + "]" : found.address()) + ":" + found.port(),
        Optional.empty(),
        region,
        found.weight());
  }

  /// `dns-10-0-0-1-8080`, or with the 32 digits of an address of IPv6.
  private static String name(Found found) {
    byte[] address = InetAddress.ofLiteral(found.address()).getAddress();
    String text =
        address.length == 4 ? found.address().replace('.', '-') : HexFormat.of().formatHex(address);
    return "dns-" + text + "-" + found.port();
  }
}
