package io.skein.app.mesh;

import io.skein.app.routes.Reach;
import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Serves;
import io.skein.app.rumor.Shadows;
import io.skein.app.rumor.Truth;
import io.skein.app.rumor.Who;
import io.skein.app.traffic.TrafficHistory;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.proxy.health.HealthBook;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.RetryBudgetConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// What this node routes by: its traffic as it was measured, what it and its peers reach, which of
/// that may be used, the tables made of it, and what nodes tell each other so that all route alike.
/// Confined to the mesh thread, but for what says otherwise.
public final class Routing {
  // What a route table is made of; what else peers say leaves it as it is.
  private static final Set<String> RUMORS = Set.of(Who.KEY, Serves.KEY, Shadows.KEY);

  private final MeshThread thread;
  private final LongSupplier nanoClock;
  private final Peers peers;
  private final Derived derived;
  private final RouteTables tables;
  private final TrafficHistory traffic = new TrafficHistory();
  private final TrafficHistory forwarded = new TrafficHistory();
  private final EndpointWatch outcomes;
  private final Announcer announcer;
  private final Headrooms headrooms;
  private final HealthBook checks;
  private final Availabilities availabilities;
  private final Neighbourhood neighbourhood;
  private final RoutePublisher publisher;
  private final LateLooks lateLooks;
  private final MeshRates rates = new MeshRates();
  private final Colony colony;
  private final CookieKeys cookieKeys;

  /// @param region where this node is
  /// @param ledgerMillis Unix time by the ledger's clock
  /// @param alarm called when an endpoint begins to fail; any thread, must return at once
  Routing(
      SigningKey key,
      String region,
      MeshThread thread,
      Peers peers,
      Derived derived,
      RouteTables tables,
      LongSupplier nanoClock,
      LongSupplier ledgerMillis,
      Runnable alarm) {
    this.thread = thread;
    this.nanoClock = nanoClock;
    this.peers = peers;
    this.derived = derived;
    this.tables = tables;
    this.outcomes = new EndpointWatch(traffic, forwarded, alarm);
    this.announcer = new Announcer(traffic);
    NodeId self = key.nodeId();
    this.headrooms = new Headrooms(derived::catalogue, announcer::forecasts, tables, peers);
    this.checks = new HealthBook(() -> Instant.ofEpochMilli(ledgerMillis.getAsLong()));
    this.availabilities = new Availabilities(derived, checks, ledgerMillis);
    this.neighbourhood =
        new Neighbourhood(
            self, region, peers, derived, tables, availabilities, headrooms, forwarded);
    this.publisher = new RoutePublisher(tables, derived, neighbourhood, availabilities, outcomes);
    this.lateLooks =
        new LateLooks(
            nanoClock,
            thread::after,
            new Truths(self, derived::catalogue, tables, peers, derived::trust),
            neighbourhood::reach);
    this.colony = new Colony(self, tables);
    this.cookieKeys = new CookieKeys(key);
    tables.signWith(cookieKeys.keys());
  }

  /// A peer said something new.
  void rumored(NodeId peer, String key) {
    if (RUMORS.contains(key)) {
      publisher.stale();
    }
    if (key.equals(Truth.KEY)) {
      lateLooks.heard(peer);
    }
  }

  /// A fraction of a second has passed.
  void tick() {
    lateLooks.tick();
  }

  /// A second has passed.
  void second(long unixSecond, long nowNanos) {
    boolean news = headrooms.second(nowNanos);
    // How far peers are changes a little with each of their answers: this often is enough.
    if (news || tables.warming() || !peers.reachable().isEmpty()) {
      publisher.stale();
    }
    rates.second(tables.meshLimits(), peers, nowNanos);
    colony.second(peers, unixSecond, nowNanos);
    cookieKeys.second(peers, nowNanos);
  }

  /// Has requests and peers know at once what may be used.
  void publishAndTell() {
    publisher.publish();
    tellServes();
  }

  /// Tells every peer what this node can serve.
  void tellServes() {
    peers.tellUrgently(neighbourhood.serves(), nanoClock.getAsLong());
  }

  /// What this node found in DNS, by service: all of it. Any thread.
  public void discovered(Map<String, List<PutEndpoint>> found) {
    thread.execute(() -> {
      derived.discovered(found);
      publishAndTell();
    });
  }

  /// What services get that say nothing themselves, from now on. Any thread.
  public void usual(LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts) {
    thread.execute(() -> {
      tables.usual(locality, retries, timeouts);
      publisher.publish();
    });
  }

  /// The newest route table. Any thread.
  public RouteTable table() {
    return publisher.current();
  }

  /// Hears the proxy's outcomes. Any thread.
  public EndpointWatch outcomes() {
    return outcomes;
  }

  /// What route tables are made with; its own methods say which of them any thread may call.
  public RouteTables tables() {
    return tables;
  }

  RoutePublisher publisher() {
    return publisher;
  }

  /// Who reaches what, as the members stand now.
  Reach reach() {
    assert thread.inside();
    return neighbourhood.reach();
  }

  Neighbourhood neighbourhood() {
    return neighbourhood;
  }

  /// What was asked of endpoints, by endpoint. Any thread.
  TrafficHistory traffic() {
    return traffic;
  }

  /// What was forwarded, by peer. Any thread.
  TrafficHistory forwarded() {
    return forwarded;
  }

  /// This node's own load.
  Announcer announcer() {
    return announcer;
  }

  /// What this node's checks found. Any thread.
  HealthBook checks() {
    return checks;
  }

  Availabilities availabilities() {
    return availabilities;
  }
}
