package io.skein.app.rumor;

import io.skein.ledger.cbor.CborWriter;
import java.util.List;
import java.util.Optional;

/// What a node expects of its own load, in thousandths of requests a second.
///
/// @param nowMilli the value now
/// @param horizons by rising distance
/// @param errorMicros weighted absolute percentage error of past medians in millionths, at most
///   1,000,000; −1 if unknown
public record Forecasts(long nowMilli, List<Horizon> horizons, long errorMicros) implements Rumor {
  public static final String KEY = "forecast";
  private static final int MOST = 16;

  /// Quantiles at one distance.
  public record Horizon(int seconds, long p10Milli, long p50Milli, long p90Milli) {}

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
        Versioned.array(4).unsigned(nowMilli).integer(errorMicros).array(horizons.size());
    for (Horizon horizon : horizons) {
      out.array(4)
          .unsigned(horizon.seconds())
          .unsigned(horizon.p10Milli())
          .unsigned(horizon.p50Milli())
          .unsigned(horizon.p90Milli());
    }
    return out.toBytes();
  }

  public static Optional<Forecasts> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        4,
        in -> {
          long now = in.integer(0, Long.MAX_VALUE);
          long accuracy = in.integer(-1, 1_000_000);
          List<Horizon> horizons =
              Versioned.list(
                  in,
                  MOST,
                  4,
                  each ->
                      new Horizon(
                          (int) each.integer(0, 86_400),
                          each.integer(0, Long.MAX_VALUE),
                          each.integer(0, Long.MAX_VALUE),
                          each.integer(0, Long.MAX_VALUE)));
          return new Forecasts(now, horizons, accuracy);
        });
  }
}
