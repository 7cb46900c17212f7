package io.skein.app.mesh;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;
import io.skein.proxy.route.StickyKeys;
import io.skein.routing.experiment.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Soft state that a node tells about itself: each variant is one key of the state exchange,
/// encoded as a deterministic-CBOR array that begins with the format's version.
///
/// A value that does not decode is as if it had not come.
public sealed interface Rumor {
  /// Format version of all rumors.
  int VERSION = 1;

  CborLimits LIMITS = new CborLimits(16_384, 6, 4_096);
  int MAX_TEXT = 256;
  int MAX_LIST = 1_000;

  /// The key in the state exchange.
  String key();

  /// The value in the state exchange.
  byte[] encode();

  /// Who a node is and where it is reached.
  ///
  /// @param name for people
  /// @param region where it stands
  /// @param zone failure domain, may be empty text
  /// @param meshAddress `host:port` of its mesh port
  /// @param forwardHost host of its forward listener
  /// @param forwardPort port of its forward listener
  /// @param version of the program
  /// @param draining whether it was taken out of traffic
  /// @param startedMillis when the process began, Unix milliseconds
  record Who(
      String name,
      String region,
      String zone,
      String meshAddress,
      String forwardHost,
      int forwardPort,
      String version,
      boolean draining,
      long startedMillis)
      implements Rumor {
    static final String KEY = "node";

    /// The same node at another mesh address.
    Who withMeshAddress(String address) {
      return new Who(
          name, region, zone, address, forwardHost, forwardPort, version, draining, startedMillis);
    }

    /// The same node, in or out of traffic.
    Who withDraining(boolean now) {
      return new Who(
          name, region, zone, meshAddress, forwardHost, forwardPort, version, now, startedMillis);
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      return new CborWriter()
          .array(10)
          .unsigned(VERSION)
          .text(name)
          .text(region)
          .text(zone)
          .text(meshAddress)
          .text(forwardHost)
          .unsigned(forwardPort)
          .text(version)
          .bool(draining)
          .unsigned(startedMillis)
          .toBytes();
    }

    static Optional<Who> decode(byte[] bytes) {
      return read(
          bytes,
          10,
          in ->
              new Who(
                  in.text(MAX_TEXT),
                  in.text(MAX_TEXT),
                  in.text(MAX_TEXT),
                  in.text(MAX_TEXT),
                  in.text(MAX_TEXT),
                  (int) in.integer(1, 65_535),
                  in.text(MAX_TEXT),
                  in.bool(),
                  in.integer(0, Long.MAX_VALUE)));
    }
  }

  /// A node's load now.
  ///
  /// @param requestsPerSecondMilli thousandths of requests a second over the last seconds
  /// @param inFlight requests in flight
  /// @param utilisationMicros busy share of the process's processors, 0 to 1,000,000
  record Load(long requestsPerSecondMilli, int inFlight, int utilisationMicros) implements Rumor {
    static final String KEY = "load";

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      return new CborWriter()
          .array(4)
          .unsigned(VERSION)
          .unsigned(requestsPerSecondMilli)
          .unsigned(inFlight)
          .unsigned(utilisationMicros)
          .toBytes();
    }

    static Optional<Load> decode(byte[] bytes) {
      return read(
          bytes,
          4,
          in ->
              new Load(
                  in.integer(0, Long.MAX_VALUE),
                  (int) in.integer(0, Integer.MAX_VALUE),
                  (int) in.integer(0, 1_000_000)));
    }
  }

  /// What a node expects of its own load, in thousandths of requests a second.
  ///
  /// @param nowMilli the value now
  /// @param horizons by rising distance
  /// @param errorMicros weighted absolute percentage error of past medians in millionths, at most
  ///   1,000,000; −1 if unknown
  record Forecasts(long nowMilli, List<Horizon> horizons, long errorMicros) implements Rumor {
    static final String KEY = "forecast";

    /// Quantiles at one distance.
    record Horizon(int seconds, long p10Milli, long p50Milli, long p90Milli) {}

    public Forecasts {
      horizons = List.copyOf(horizons);
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out =
          new CborWriter()
              .array(4)
              .unsigned(VERSION)
              .unsigned(nowMilli)
              .integer(errorMicros)
              .array(horizons.size());
      for (Horizon horizon : horizons) {
        out.array(4)
            .unsigned(horizon.seconds())
            .unsigned(horizon.p10Milli())
            .unsigned(horizon.p50Milli())
            .unsigned(horizon.p90Milli());
      }
      return out.toBytes();
    }

    static Optional<Forecasts> decode(byte[] bytes) {
      return read(
          bytes,
          4,
          in -> {
            long now = in.integer(0, Long.MAX_VALUE);
            long accuracy = in.integer(-1, 1_000_000);
            int count = in.array(16);
            List<Horizon> horizons = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              in.arrayOf(4);
              horizons.add(
                  new Horizon(
                      (int) in.integer(0, 86_400),
                      in.integer(0, Long.MAX_VALUE),
                      in.integer(0, Long.MAX_VALUE),
                      in.integer(0, Long.MAX_VALUE)));
            }
            return new Forecasts(now, horizons, accuracy);
          });
    }
  }

  /// How a node is, once a second.
  ///
  /// @param wallMillis its wall clock, Unix milliseconds
  /// @param utilisationMicros busy share of its processors, 0 to 1,000,000
  /// @param lateMillis how late its timers were in the last second
  /// @param patience by how much it multiplies its patience with others, 1 to 9
  /// @param writes whether it can make records durable
  /// @param freeMebibytes of the disk with its data
  /// @param forecastErrorMicros of its past forecasts, in millionths; −1 if unknown
  /// @param requestsPerSecondMilli thousandths of requests a second
  /// @param damages of its stored ledger that it found at its start, for a minute after
  record Pulse(
      long wallMillis,
      int utilisationMicros,
      long lateMillis,
      int patience,
      boolean writes,
      long freeMebibytes,
      long forecastErrorMicros,
      long requestsPerSecondMilli,
      long damages)
      implements Rumor {
    static final String KEY = "pulse";

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      return new CborWriter()
          .array(10)
          .unsigned(VERSION)
          .integer(wallMillis)
          .unsigned(utilisationMicros)
          .unsigned(lateMillis)
          .unsigned(patience)
          .bool(writes)
          .unsigned(freeMebibytes)
          .integer(forecastErrorMicros)
          .unsigned(requestsPerSecondMilli)
          .unsigned(damages)
          .toBytes();
    }

    static Optional<Pulse> decode(byte[] bytes) {
      return read(
          bytes,
          10,
          in ->
              new Pulse(
                  in.integer(0, 1L << 52),
                  (int) in.integer(0, 1_000_000),
                  in.integer(0, 1L << 40),
                  (int) in.integer(1, 9),
                  in.bool(),
                  in.integer(0, 1L << 43),
                  in.integer(-1, 1_000_000),
                  in.integer(0, Long.MAX_VALUE),
                  in.integer(0, Integer.MAX_VALUE)));
    }
  }

  /// What a node can serve from endpoints it reaches itself.
  ///
  /// @param services by name
  record Serves(List<Service> services) implements Rumor {
    static final String KEY = "services";

    private static final int MAX_SERVICES = 500;
    private static final int MAX_BYTES = 15_000;
    // Name's head, three numbers at their longest, the array's head.
    private static final int SERVICE_BYTES = 26;

    /// @param name of the service
    /// @param usable endpoints that may be used now
    /// @param inFlight requests in flight to them
    /// @param p50Micros median latency over the last seconds, 0 if unknown
    record Service(String name, int usable, int inFlight, long p50Micros) {}

    public Serves {
      services = List.copyOf(services);
    }

    /// As many of the services, in their order, as fit into a rumor.
    static Serves fitting(List<Service> services) {
      int bytes = 16;
      int count = 0;
      while (count < services.size() && count < MAX_SERVICES) {
        bytes += services.get(count).name().length() + SERVICE_BYTES;
        if (bytes > MAX_BYTES) {
          break;
        }
        count++;
      }
      return new Serves(services.subList(0, count));
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out = new CborWriter().array(2).unsigned(VERSION).array(services.size());
      for (Service service : services) {
        out.array(4)
            .text(service.name())
            .unsigned(service.usable())
            .unsigned(service.inFlight())
            .unsigned(service.p50Micros());
      }
      return out.toBytes();
    }

    static Optional<Serves> decode(byte[] bytes) {
      return read(
          bytes,
          2,
          in -> {
            int count = in.array(MAX_LIST);
            List<Service> services = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              in.arrayOf(4);
              services.add(
                  new Service(
                      in.text(MAX_TEXT),
                      (int) in.integer(0, 100_000),
                      (int) in.integer(0, Integer.MAX_VALUE),
                      in.integer(0, Long.MAX_VALUE)));
            }
            return new Serves(services);
          });
    }
  }

  /// How busy a node's endpoints are.
  ///
  /// @param busy services whose endpoints it reaches are busy at all; the others are idle
  record Headroom(List<Busy> busy) implements Rumor {
    static final String KEY = "headroom";

    private static final int MOST = 300;
    private static final int MAX_BYTES = 15_000;
    private static final int BUSY_BYTES = 8;

    /// @param service by its name
    /// @param utilisationMicros 1,000,000: no headroom
    record Busy(String service, int utilisationMicros) {}

    public Headroom {
      busy = List.copyOf(busy);
    }

    /// The busiest of the services, as many as fit into a rumor.
    static Headroom fitting(List<Busy> services) {
      List<Busy> sorted = new ArrayList<>(services);
      sorted.sort(
          Comparator.comparingInt(Busy::utilisationMicros).reversed().thenComparing(Busy::service));
      int bytes = 16;
      int count = 0;
      while (count < sorted.size() && count < MOST) {
        bytes += sorted.get(count).service().length() + BUSY_BYTES;
        if (bytes > MAX_BYTES) {
          break;
        }
        count++;
      }
      return new Headroom(sorted.subList(0, count));
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out = new CborWriter().array(2).unsigned(VERSION).array(busy.size());
      for (Busy each : busy) {
        out.array(2).text(each.service()).unsigned(each.utilisationMicros());
      }
      return out.toBytes();
    }

    static Optional<Headroom> decode(byte[] bytes) {
      return read(
          bytes,
          2,
          in -> {
            int count = in.array(MOST);
            List<Busy> busy = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              in.arrayOf(2);
              busy.add(new Busy(in.text(MAX_TEXT), (int) in.integer(0, 1_000_000)));
            }
            return new Headroom(busy);
          });
    }
  }

  /// Who stands in for a node.
  record Shadows(List<NodeId> nodes) implements Rumor {
    static final String KEY = "shadows";

    public Shadows {
      nodes = List.copyOf(nodes);
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out = new CborWriter().array(2).unsigned(VERSION).array(nodes.size());
      nodes.forEach(node -> out.bytes(node.toBytes()));
      return out.toBytes();
    }

    static Optional<Shadows> decode(byte[] bytes) {
      return read(
          bytes,
          2,
          in -> {
            int count = in.array(16);
            List<NodeId> nodes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              nodes.add(NodeId.fromBytes(in.bytesOf(NodeId.BYTES), 0));
            }
            return new Shadows(nodes);
          });
    }
  }

  /// What a node holds and derives.
  ///
  /// @param headsRoot root over its head vector
  /// @param repRoot root over the scores computed from exactly that vector
  /// @param records it holds
  record Roots(Hash headsRoot, Hash repRoot, long records) implements Rumor {
    static final String KEY = "roots";

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      return new CborWriter()
          .array(4)
          .unsigned(VERSION)
          .bytes(headsRoot.toBytes())
          .bytes(repRoot.toBytes())
          .unsigned(records)
          .toBytes();
    }

    static Optional<Roots> decode(byte[] bytes) {
      return read(
          bytes,
          4,
          in ->
              new Roots(
                  Hash.of(in.bytesOf(Hash.BYTES)),
                  Hash.of(in.bytesOf(Hash.BYTES)),
                  in.integer(0, Long.MAX_VALUE)));
    }
  }

  /// What a node is asked for of the limits that the whole mesh keeps.
  ///
  /// @param uses at most [#MOST]
  record Uses(List<Use> uses) implements Rumor {
    static final String KEY = "uses";
    static final int MOST = 100;

    /// @param limit `service/limit`
    /// @param milliPerSecond thousandths of requests a second, granted or not
    record Use(String limit, long milliPerSecond) {}

    public Uses {
      uses = List.copyOf(uses);
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out = new CborWriter().array(2).unsigned(VERSION).array(uses.size());
      for (Use use : uses) {
        out.array(2).text(use.limit()).unsigned(use.milliPerSecond());
      }
      return out.toBytes();
    }

    static Optional<Uses> decode(byte[] bytes) {
      return read(
          bytes,
          2,
          in -> {
            int count = in.array(MOST);
            List<Use> uses = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              in.arrayOf(2);
              uses.add(new Use(in.text(MAX_TEXT), in.integer(0, 1_000_000_000_000L)));
            }
            return new Uses(uses);
          });
    }
  }

  /// What a node has in flight where others send requests too, and the latency it measures there.
  ///
  /// @param tick a number that is new each time, so that an unchanged load is news
  /// @param loads by subject: an endpoint's id, or a service's name for all its endpoints together
  record Truth(long tick, List<Loaded> loads) implements Rumor {
    static final String KEY = "truth";

    private static final int MOST = 500;
    private static final int MAX_BYTES = 15_000;
    private static final int LOADED_BYTES = 45;
    private static final long MOST_MICROS = 1_000_000_000_000L;
    private static final int MOST_SEEN_MILLIS = 3_600_000;

    /// @param inFlight requests of this node; for a service, a usable endpoint's mean
    /// @param latencyMicros what is expected there; 0 if nothing was measured
    /// @param peakMicros the slowest that answers lately were; 0 for a service
    /// @param lateMicros how long an answer has been awaited that is late; 0 if none is
    /// @param seenMillis how long ago the last answer came, an hour at most
    record Loaded(
        String subject,
        int inFlight,
        long latencyMicros,
        long peakMicros,
        long lateMicros,
        int seenMillis) {
      /// Within the bounds of what is told.
      static Loaded of(
          String subject,
          int inFlight,
          double expectedNanos,
          double peakNanos,
          double lateNanos,
          long seenNanos) {
        return new Loaded(
            subject,
            Math.clamp(inFlight, 0, 1_000_000),
            micros(expectedNanos),
            micros(peakNanos),
            micros(lateNanos),
            Math.clamp(seenNanos / 1_000_000, 0, MOST_SEEN_MILLIS));
      }

      private static long micros(double nanos) {
        return Math.clamp(Math.round(nanos / 1_000), 0, MOST_MICROS);
      }
    }

    public Truth {
      loads = List.copyOf(loads);
    }

    /// As many of the loads, in their order, as fit into a rumor.
    static Truth fitting(long tick, List<Loaded> loads) {
      int bytes = 32;
      int count = 0;
      while (count < loads.size() && count < MOST) {
        bytes += loads.get(count).subject().length() + LOADED_BYTES;
        if (bytes > MAX_BYTES) {
          break;
        }
        count++;
      }
      return new Truth(tick, loads.subList(0, count));
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out =
          new CborWriter().array(3).unsigned(VERSION).unsigned(tick).array(loads.size());
      for (Loaded load : loads) {
        out.array(6)
            .text(load.subject())
            .unsigned(load.inFlight())
            .unsigned(load.latencyMicros())
            .unsigned(load.peakMicros())
            .unsigned(load.lateMicros())
            .unsigned(load.seenMillis());
      }
      return out.toBytes();
    }

    static Optional<Truth> decode(byte[] bytes) {
      return read(
          bytes,
          3,
          in -> {
            long tick = in.integer(0, Long.MAX_VALUE);
            int count = in.array(MOST);
            List<Loaded> loads = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              in.arrayOf(6);
              loads.add(
                  new Loaded(
                      in.text(MAX_TEXT),
                      (int) in.integer(0, 1_000_000),
                      in.integer(0, MOST_MICROS),
                      in.integer(0, MOST_MICROS),
                      in.integer(0, MOST_MICROS),
                      (int) in.integer(0, MOST_SEEN_MILLIS)));
            }
            return new Truth(tick, loads);
          });
    }
  }

  /// The pheromone that a node has laid in the last seconds.
  ///
  /// @param ways by endpoint
  record Pheromone(List<Way> ways) implements Rumor {
    static final String KEY = "pheromone";

    /// For how many seconds it is told; of what is older less than a twelfth is left.
    static final int SECONDS = 24;

    private static final int MOST = 500;
    private static final int MAX_BYTES = 15_000;
    private static final int DEPOSIT_BYTES = 12;

    /// @param deposits from the oldest second on
    record Way(String endpoint, List<Deposit> deposits) {
      public Way {
        deposits = List.copyOf(deposits);
      }
    }

    /// @param unixSecond of the depositor's clock
    /// @param amount all it laid in that second so far
    record Deposit(long unixSecond, long amount) {}

    public Pheromone {
      ways = List.copyOf(ways);
    }

    /// As many of the ways, in their order, as fit into a rumor.
    static Pheromone fitting(List<Way> ways) {
      int bytes = 16;
      int count = 0;
      while (count < ways.size() && count < MOST) {
        Way way = ways.get(count);
        bytes += way.endpoint().length() + 4 + way.deposits().size() * DEPOSIT_BYTES;
        if (bytes > MAX_BYTES) {
          break;
        }
        count++;
      }
      return new Pheromone(ways.subList(0, count));
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out = new CborWriter().array(2).unsigned(VERSION).array(ways.size());
      for (Way way : ways) {
        out.array(2).text(way.endpoint()).array(way.deposits().size());
        for (Deposit deposit : way.deposits()) {
          out.array(2).unsigned(deposit.unixSecond()).unsigned(deposit.amount());
        }
      }
      return out.toBytes();
    }

    static Optional<Pheromone> decode(byte[] bytes) {
      return read(
          bytes,
          2,
          in -> {
            int count = in.array(MOST);
            List<Way> ways = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              in.arrayOf(2);
              String endpoint = in.text(MAX_TEXT);
              int deposits = in.array(SECONDS);
              List<Deposit> laid = new ArrayList<>(deposits);
              for (int j = 0; j < deposits; j++) {
                in.arrayOf(2);
                laid.add(new Deposit(in.integer(0, 1L << 40), in.integer(0, 1_000_000_000_000L)));
              }
              ways.add(new Way(endpoint, laid));
            }
            return new Pheromone(ways);
          });
    }
  }

  /// What a node found out in the experiments that it runs.
  ///
  /// @param parts at most [#MOST]
  record Trials(List<Part> parts) implements Rumor {
    static final String KEY = "trials";
    static final int MOST = 40;
    private static final int NUMBERS = 24;
    private static final int ITEMS = NUMBERS + 2;

    /// @param run the experiment's identity, in hexadecimal digits
    /// @param ageSeconds for how long the node runs it
    record Part(String run, long ageSeconds, Evidence evidence) {}

    public Trials {
      parts = List.copyOf(parts);
    }

    /// What is told about one experiment.
    Optional<Part> of(String run) {
      return parts.stream().filter(part -> part.run().equals(run)).findFirst();
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      CborWriter out = new CborWriter().array(2).unsigned(VERSION).array(parts.size());
      for (Part part : parts) {
        out.array(ITEMS).bytes(Hash.parse(part.run()).toBytes()).unsigned(part.ageSeconds());
        for (double number : part.evidence().numbers()) {
          out.unsigned(Double.doubleToLongBits(number));
        }
      }
      return out.toBytes();
    }

    static Optional<Trials> decode(byte[] bytes) {
      return read(
          bytes,
          2,
          in -> {
            int count = in.array(MOST);
            List<Part> parts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
              in.arrayOf(ITEMS);
              String run = Hash.of(in.bytesOf(Hash.BYTES)).toString();
              long age = in.integer(0, 1L << 32);
              double[] numbers = new double[NUMBERS];
              for (int j = 0; j < NUMBERS; j++) {
                numbers[j] = Double.longBitsToDouble(in.unsigned());
              }
              parts.add(
                  new Part(
                      run,
                      age,
                      Evidence.of(numbers)
                          .orElseThrow(() -> new CborException("numbers that no node finds"))));
            }
            return new Trials(parts);
          });
    }
  }

  /// The key by which a node signs the cookies that keep clients with their endpoints: for the
  /// nodes of the mesh, which alone hear rumors, and for nobody else.
  ///
  /// @param secret 32 bytes, in hexadecimal digits
  record CookieKey(String secret) implements Rumor {
    static final String KEY = "cookie-key";

    static CookieKey of(byte[] secret) {
      return new CookieKey(HexFormat.of().formatHex(secret));
    }

    byte[] bytes() {
      return HexFormat.of().parseHex(secret);
    }

    @Override
    public String key() {
      return KEY;
    }

    @Override
    public byte[] encode() {
      return new CborWriter().array(2).unsigned(VERSION).bytes(bytes()).toBytes();
    }

    static Optional<CookieKey> decode(byte[] bytes) {
      return read(bytes, 2, in -> of(in.bytes(StickyKeys.BYTES)))
          .filter(key -> key.secret().length() == 2 * StickyKeys.BYTES);
    }

    /// Names no secret.
    @Override
    public String toString() {
      return "CookieKey";
    }
  }

  /// Reads the fields after the version.
  interface Fields<T> {
    T read(CborReader in) throws CborException;
  }

  private static <T> Optional<T> read(byte[] bytes, int count, Fields<T> fields) {
    try {
      CborReader in = new CborReader(bytes, LIMITS);
      in.arrayOf(count);
      if (in.integer(0, Integer.MAX_VALUE) != VERSION) {
        return Optional.empty();
      }
      T value = fields.read(in);
      in.end();
      return Optional.of(value);
    } catch (CborException e) {
      return Optional.empty();
    }
  }
}
