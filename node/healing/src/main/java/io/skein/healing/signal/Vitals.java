package io.skein.healing.signal;

/// What a node says of its own health, once a second.
///
/// @param utilisationMicros busy share of its processors, 0 to 1,000,000
/// @param lateNanos how late its timers were in the last second
/// @param patience how far it trusts itself, see [io.skein.healing.diagnosis.SelfDoubt]
/// @param writes whether it can make records durable
/// @param freeBytes of the disk that holds its data; `Long.MAX_VALUE` if unknown
/// @param offsetMillis how far its wall clock was ahead of the hearer's when it was heard
/// @param forecastErrorMicros of its past forecasts, in millionths; −1 if unknown
/// @param requestsPerSecondMilli thousandths of requests a second
/// @param ledgerFaults stored pieces of its ledger that it could not read
public record Vitals(
    int utilisationMicros,
    long lateNanos,
    int patience,
    boolean writes,
    long freeBytes,
    long offsetMillis,
    int forecastErrorMicros,
    long requestsPerSecondMilli,
    long ledgerFaults) {
  /// Nothing is wrong.
  public static final Vitals WELL = new Vitals(0, 0, 1, true, Long.MAX_VALUE, 0, -1, 0, 0);
}
