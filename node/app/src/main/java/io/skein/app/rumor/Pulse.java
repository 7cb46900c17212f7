package io.skein.app.rumor;

import java.util.Optional;

/// How a node is, once a second; told as a [SignedPulse].
///
/// @param wallMillis its wall clock, Unix milliseconds
/// @param utilisationMicros busy share of its processors, 0 to 1,000,000
/// @param lateMillis how late its timers were in the last second
/// @param patience by how much it multiplies its patience with others, 1 to 9
/// @param writes whether it can make records durable
/// @param freeMebibytes of the disk with its data
/// @param forecastErrorMicros of its past forecasts, in millionths; −1 if unknown
/// @param requestsPerSecondMilli thousandths of requests a second
/// @param damages of its stored ledger: what it cannot read now and, for a minute, what it found at
///   its start
public record Pulse(
    long wallMillis,
    int utilisationMicros,
    long lateMillis,
    int patience,
    boolean writes,
    long freeMebibytes,
    long forecastErrorMicros,
    long requestsPerSecondMilli,
    long damages) {
  byte[] encode() {
    return Versioned.array(10)
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
    return Versioned.read(
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
