package io.skein.app.rumor;

import io.skein.ledger.cbor.CborWriter;
import java.util.List;
import java.util.Optional;

/// What a node can serve from endpoints it reaches itself.
///
/// @param services by name
public record Serves(List<Service> services) implements Rumor {
  public static final String KEY = "services";

  /// Most services that are read.
  static final int MAX_READ = 1_000;

  private static final int MAX_SERVICES = 500;
  // Name's head, three numbers at their longest, the array's head.
  private static final int SERVICE_BYTES = 26;

  /// @param name of the service
  /// @param usable endpoints that may be used now
  /// @param inFlight requests in flight to them
  /// @param p50Micros median latency over the last seconds, 0 if unknown
  public record Service(String name, int usable, int inFlight, long p50Micros) {}

  public Serves {
    services = List.copyOf(services);
  }

  /// As many of the services, in their order, as fit into a rumor.
  public static Serves fitting(List<Service> services) {
    return new Serves(
        Versioned.fitting(
            services, MAX_SERVICES, 16, each -> each.name().length() + SERVICE_BYTES));
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    CborWriter out = Versioned.array(2).array(services.size());
    for (Service service : services) {
      out.array(4)
          .text(service.name())
          .unsigned(service.usable())
          .unsigned(service.inFlight())
          .unsigned(service.p50Micros());
    }
    return out.toBytes();
  }

  public static Optional<Serves> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        2,
        in ->
            new Serves(
                Versioned.list(
                    in,
                    MAX_READ,
                    4,
                    each ->
                        new Service(
                            each.text(Versioned.MAX_TEXT),
                            (int) each.integer(0, 100_000),
                            (int) each.integer(0, Integer.MAX_VALUE),
                            each.integer(0, Long.MAX_VALUE)))));
  }
}
