package io.skein.simulator.balancer;

/// What a balancer says of an endpoint.
///
/// @param inFlight requests that it has there
/// @param expectedNanos what it expects there
/// @param peakNanos the slowest that answers lately were
/// @param lateNanos how long it has awaited an answer that is late; 0: none is
/// @param seenNanos how long ago it saw an answer there
/// @param nanos when it says so
record Word(
    int inFlight,
    double expectedNanos,
    double peakNanos,
    long lateNanos,
    long seenNanos,
    long nanos) {}
