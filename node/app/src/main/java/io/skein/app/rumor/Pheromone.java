package io.skein.app.rumor;

import io.skein.ledger.cbor.CborWriter;
import java.util.List;
import java.util.Optional;

/// The pheromone that a node has laid in the last seconds.
///
/// @param ways by endpoint
public record Pheromone(List<Way> ways) implements Rumor {
  public static final String KEY = "pheromone";

  /// For how many seconds it is told; of what is older less than a twelfth is left.
  public static final int SECONDS = 24;

  private static final int MOST = 500;
  private static final int DEPOSIT_BYTES = 12;

  /// @param deposits from the oldest second on
  public record Way(String endpoint, List<Deposit> deposits) {
    public Way {
      deposits = List.copyOf(deposits);
    }
  }

  /// @param unixSecond of the depositor's clock
  /// @param amount all it laid in that second so far
  public record Deposit(long unixSecond, long amount) {}

  public Pheromone {
    ways = List.copyOf(ways);
  }

  /// As many of the ways, in their order, as fit into a rumor.
  public static Pheromone fitting(List<Way> ways) {
    return new Pheromone(
        Versioned.fitting(
            ways,
            MOST,
            16,
            way -> way.endpoint().length() + 4 + way.deposits().size() * DEPOSIT_BYTES));
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    CborWriter out = Versioned.array(2).array(ways.size());
    for (Way way : ways) {
      out.array(2).text(way.endpoint()).array(way.deposits().size());
      for (Deposit deposit : way.deposits()) {
        out.array(2).unsigned(deposit.unixSecond()).unsigned(deposit.amount());
      }
    }
    return out.toBytes();
  }

  public static Optional<Pheromone> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        2,
        in ->
            new Pheromone(
                Versioned.list(
                    in,
                    MOST,
                    2,
                    way ->
                        new Way(
                            way.text(Versioned.MAX_TEXT),
                            Versioned.list(
                                way,
                                SECONDS,
                                2,
                                each ->
                                    new Deposit(
                                        each.integer(0, 1L << 40),
                                        each.integer(0, 1_000_000_000_000L)))))));
  }
}
