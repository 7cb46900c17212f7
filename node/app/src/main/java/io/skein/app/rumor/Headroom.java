package io.skein.app.rumor;

import io.skein.ledger.cbor.CborWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How busy a node's endpoints are.
///
/// @param busy services whose endpoints it reaches are busy at all; the others are idle
public record Headroom(List<Busy> busy) implements Rumor {
  public static final String KEY = "headroom";

  private static final int MOST = 300;

  private static final int BUSY_BYTES = 8;

  /// @param service by its name
  /// @param utilisationMicros 1,000,000: no headroom
  public record Busy(String service, int utilisationMicros) {}

  public Headroom {
    busy = List.copyOf(busy);
  }

  /// The busiest of the services, as many as fit into a rumor.
  public static Headroom fitting(List<Busy> services) {
    List<Busy> sorted = new ArrayList<>(services);
    sorted.sort(
        Comparator.comparingInt(Busy::utilisationMicros).reversed().thenComparing(Busy::service));
    return new Headroom(
        Versioned.fitting(sorted, MOST, 16, each -> each.service().length() + BUSY_BYTES));
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    CborWriter out = Versioned.array(2).array(busy.size());
    for (Busy each : busy) {
      out.array(2).text(each.service()).unsigned(each.utilisationMicros());
    }
    return out.toBytes();
  }

  public static Optional<Headroom> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        2,
        in ->
            new Headroom(
                Versioned.list(
                    in,
                    MOST,
                    2,
                    each ->
                        new Busy(
                            each.text(Versioned.MAX_TEXT), (int) each.integer(0, 1_000_000)))));
  }
}
