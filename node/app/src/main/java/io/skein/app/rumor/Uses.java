package io.skein.app.rumor;

import io.skein.ledger.cbor.CborWriter;
import java.util.List;
import java.util.Optional;

/// What a node is asked for of the limits that the whole mesh keeps.
///
/// @param uses at most [#MOST]
public record Uses(List<Use> uses) implements Rumor {
  public static final String KEY = "uses";
  public static final int MOST = 100;

  /// @param limit `service/limit`
  /// @param milliPerSecond thousandths of requests a second, granted or not
  public record Use(String limit, long milliPerSecond) {}

  public Uses {
    uses = List.copyOf(uses);
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    CborWriter out = Versioned.array(2).array(uses.size());
    for (Use use : uses) {
      out.array(2).text(use.limit()).unsigned(use.milliPerSecond());
    }
    return out.toBytes();
  }

  public static Optional<Uses> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        2,
        in ->
            new Uses(
                Versioned.list(
                    in,
                    MOST,
                    2,
                    each ->
                        new Use(
                            each.text(Versioned.MAX_TEXT), each.integer(0, 1_000_000_000_000L)))));
  }
}
