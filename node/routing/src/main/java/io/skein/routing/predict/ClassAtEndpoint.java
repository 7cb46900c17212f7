package io.skein.routing.predict;

import io.skein.routing.candidate.LatencyByClass.Basis;

/// What was measured of one class at one endpoint, for people.
///
/// @param endpoint its id
/// @param requestsPerSecond answers a second over about 10 s
/// @param latencyNanos average of the latest 64 or so answers
/// @param predictedNanos what the next one is expected to take with what is in flight now; 0 if
///   that is not known
/// @param basis what that rests on
/// @param error how far such predictions were off, over the latest 256 or so: sum of the absolute
///   errors over sum of the latencies; 1 where nothing is known
/// @param samples answers it rests on
/// @param told whether the endpoint says how busy it is
/// @param cpu processor use it told with answers of the class, 1 being all it has
/// @param memory memory use it told, 0 to 1
public record ClassAtEndpoint(
    String endpoint,
    double requestsPerSecond,
    double latencyNanos,
    double predictedNanos,
    Basis basis,
    double error,
    long samples,
    boolean told,
    double cpu,
    double memory) {}
