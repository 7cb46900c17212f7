package io.skein.app.rumor;

import io.skein.ledger.cbor.CborWriter;
import java.util.List;
import java.util.Optional;

/// What a node has in flight where others send requests too, and the latency it measures there.
///
/// @param tick a number that is new each time, so that an unchanged load is news
/// @param loads by subject: an endpoint's id, or a service's name for all its endpoints together
public record Truth(long tick, List<Loaded> loads) implements Rumor {
  public static final String KEY = "truth";

  private static final int MOST = 500;

  private static final int LOADED_BYTES = 45;
  private static final long MOST_MICROS = 1_000_000_000_000L;
  private static final int MOST_SEEN_MILLIS = 3_600_000;

  /// @param inFlight requests of this node; for a service, a usable endpoint's mean
  /// @param latencyMicros what is expected there; 0 if nothing was measured
  /// @param peakMicros the slowest that answers lately were; 0 for a service
  /// @param lateMicros how long an answer has been awaited that is late; 0 if none is
  /// @param seenMillis how long ago the last answer came, an hour at most
  public record Loaded(
      String subject,
      int inFlight,
      long latencyMicros,
      long peakMicros,
      long lateMicros,
      int seenMillis) {
    /// Within the bounds of what is told.
    public static Loaded of(
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
  public static Truth fitting(long tick, List<Loaded> loads) {
    return new Truth(
        tick, Versioned.fitting(loads, MOST, 32, each -> each.subject().length() + LOADED_BYTES));
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    CborWriter out = Versioned.array(3).unsigned(tick).array(loads.size());
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

  public static Optional<Truth> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        3,
        in ->
            new Truth(
                in.integer(0, Long.MAX_VALUE),
                Versioned.list(
                    in,
                    MOST,
                    6,
                    each ->
                        new Loaded(
                            each.text(Versioned.MAX_TEXT),
                            (int) each.integer(0, 1_000_000),
                            each.integer(0, MOST_MICROS),
                            each.integer(0, MOST_MICROS),
                            each.integer(0, MOST_MICROS),
                            (int) each.integer(0, MOST_SEEN_MILLIS)))));
  }
}
