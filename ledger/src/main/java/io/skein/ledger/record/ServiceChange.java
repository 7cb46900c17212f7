package io.skein.ledger.record;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import java.util.List;
import java.util.Optional;

/// One change of the catalogue: of its services, their endpoints and its routes. The key of a
/// change is its service, its service and endpoint, or its route; of several changes with one key
/// the newest wins. Constructors throw IllegalArgumentException for what the descriptions here do
/// not allow. Names of services and routes are 1 to 63 characters of a–z, 0–9 and dash.
///
/// What a service's traffic is to be like, and what a route does, are documents: JSON texts whose
/// content the ledger only bounds, so that a node carries what only newer ones understand.
public sealed interface ServiceChange {
  /// Most bytes of a document, in UTF-8: 8 KiB.
  int MAX_DOCUMENT = 8_192;

  /// The name of the service, or of the route, that changes.
  String subject();

  /// The change as it stands in a record's body: deterministic CBOR.
  default byte[] toBytes() {
    CborWriter out = new CborWriter();
    ServiceChangeCodec.write(this, out);
    return out.toBytes();
  }

  /// Reads what [#toBytes] wrote; empty if `bytes` are anything else.
  static Optional<ServiceChange> read(byte[] bytes) {
    try {
      CborReader in = new CborReader(bytes, CborLimits.RECORD);
      ServiceChange change = ServiceChangeCodec.read(in);
      in.end();
      return Optional.of(change);
    } catch (CborException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Adds or replaces a service.
  ///
  /// @param service its name
  /// @param protocol `http`; another name of the same letters as a service's is carried
  /// @param policy name of the routing policy, of the same letters as a service's
  /// @param hosts Host values it answers to, at most 64; empty: the service's name
  /// @param pathPrefix path prefix it answers to, `/` for all
  /// @param healthPath path of active checks; empty: none, and the next two mean nothing
  /// @param healthIntervalMillis from one active check to the next, 50 to 600,000
  /// @param healthTimeoutMillis how long a check's answer may take, 50 to `healthIntervalMillis`
  /// @param slowAfterMillis latency from which an answer counts as bad, 1 to 3,600,000
  /// @param traffic document of the service's traffic; empty: all as usual
  record PutService(
      String service,
      String protocol,
      String policy,
      List<String> hosts,
      String pathPrefix,
      String healthPath,
      long healthIntervalMillis,
      long healthTimeoutMillis,
      long slowAfterMillis,
      String traffic)
      implements ServiceChange {
    /// Most Host values of a service.
    public static final int MAX_HOSTS = 64;

    /// Interval of active checks where nobody says otherwise: 2 s.
    public static final long DEFAULT_HEALTH_INTERVAL_MILLIS = 2_000;

    /// Timeout of active checks where nobody says otherwise: 1 s.
    public static final long DEFAULT_HEALTH_TIMEOUT_MILLIS = 1_000;

    private static final long LEAST_HEALTH_MILLIS = 50;
    private static final long MOST_HEALTH_MILLIS = 600_000;

    public PutService {
      Checks.label("service", service);
      Checks.label("protocol", protocol);
      Checks.label("policy", policy);
      hosts = List.copyOf(hosts);
      Checks.range("number of hosts", hosts.size(), 0, MAX_HOSTS);
      hosts.forEach(host -> Checks.named("host", host));
      Checks.path("pathPrefix", pathPrefix);
      if (!healthPath.isEmpty()) {
        Checks.path("healthPath", healthPath);
      }
      Checks.range(
          "healthIntervalMillis", healthIntervalMillis, LEAST_HEALTH_MILLIS, MOST_HEALTH_MILLIS);
      Checks.range(
          "healthTimeoutMillis", healthTimeoutMillis, LEAST_HEALTH_MILLIS, healthIntervalMillis);
      Checks.range("slowAfterMillis", slowAfterMillis, 1, 3_600_000);
      Checks.document("traffic", traffic);
    }

    /// A service whose traffic is as usual.
    public PutService(
        String service,
        String protocol,
        String policy,
        List<String> hosts,
        String pathPrefix,
        String healthPath,
        long healthIntervalMillis,
        long healthTimeoutMillis,
        long slowAfterMillis) {
      this(
          service,
          protocol,
          policy,
          hosts,
          pathPrefix,
          healthPath,
          healthIntervalMillis,
          healthTimeoutMillis,
          slowAfterMillis,
          "");
    }

    @Override
    public String subject() {
      return service;
    }
  }

  /// Removes a service and all its endpoints.
  record RemoveService(String service) implements ServiceChange {
    public RemoveService {
      Checks.label("service", service);
    }

    @Override
    public String subject() {
      return service;
    }
  }

  /// Adds or replaces an endpoint. It belongs to one node (only that node reaches it) or, without
  /// an owner, to a region (every node there reaches it).
  ///
  /// @param service the service it serves
  /// @param endpoint its id, unique in the mesh: `service/name`, the name 1 to 200 letters, digits,
  ///   dots, colons, dashes and underscores
  /// @param url `scheme://host:port`, the scheme http, https, h2c, tcp or tls
  /// @param owner the node that alone reaches it, if any
  /// @param region where it stands; may be empty
  /// @param weight relative capacity, 1 to 1,000
  /// @param priceMilli what a request there costs relative to the service's other endpoints, in
  ///   thousandths: [#LEAST_PRICE] to [#MOST_PRICE]
  record PutEndpoint(
      String service,
      String endpoint,
      String url,
      Optional<NodeId> owner,
      String region,
      int weight,
      int priceMilli)
      implements ServiceChange {
    /// The price of an endpoint of which nobody says one: 1.
    public static final int USUAL_PRICE = 1_000;

    /// The least price: 0.01.
    public static final int LEAST_PRICE = 10;

    /// The highest price: 100.
    public static final int MOST_PRICE = 100_000;

    public PutEndpoint {
      Checks.endpoint(service, endpoint);
      Checks.url(url);
      Checks.text("region", region);
      Checks.range("weight", weight, 1, 1_000);
      Checks.range("priceMilli", priceMilli, LEAST_PRICE, MOST_PRICE);
    }

    /// One of the usual price.
    public PutEndpoint(
        String service,
        String endpoint,
        String url,
        Optional<NodeId> owner,
        String region,
        int weight) {
      this(service, endpoint, url, owner, region, weight, USUAL_PRICE);
    }

    /// The same endpoint with another weight.
    public PutEndpoint withWeight(int other) {
      return new PutEndpoint(service, endpoint, url, owner, region, other, priceMilli);
    }

    @Override
    public String subject() {
      return service;
    }
  }

  /// Removes an endpoint.
  record RemoveEndpoint(String service, String endpoint) implements ServiceChange {
    public RemoveEndpoint {
      Checks.endpoint(service, endpoint);
    }

    @Override
    public String subject() {
      return service;
    }
  }

  /// Adds or replaces a route: a rule of the whole mesh.
  ///
  /// @param name its name
  /// @param document what it matches and does
  record PutRoute(String name, String document) implements ServiceChange {
    public PutRoute {
      Checks.label("name", name);
      Checks.document("document", document);
    }

    @Override
    public String subject() {
      return name;
    }
  }

  /// Removes a route.
  record RemoveRoute(String name) implements ServiceChange {
    public RemoveRoute {
      Checks.label("name", name);
    }

    @Override
    public String subject() {
      return name;
    }
  }
}
