package io.skein.app.rumor;

import java.util.Optional;

/// A node's load now.
///
/// @param requestsPerSecondMilli thousandths of requests a second over the last seconds
/// @param inFlight requests in flight
/// @param utilisationMicros busy share of the process's processors, 0 to 1,000,000
public record Load(long requestsPerSecondMilli, int inFlight, int utilisationMicros)
    implements Rumor {
  public static final String KEY = "load";

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    return Versioned.array(4)
        .unsigned(requestsPerSecondMilli)
        .unsigned(inFlight)
        .unsigned(utilisationMicros)
        .toBytes();
  }

  public static Optional<Load> decode(byte[] bytes) {
    return Versioned.read(
        bytes,
        4,
        in ->
            new Load(
                in.integer(0, Long.MAX_VALUE),
                (int) in.integer(0, Integer.MAX_VALUE),
                (int) in.integer(0, 1_000_000)));
  }
}
