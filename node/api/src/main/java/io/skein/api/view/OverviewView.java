package io.skein.api.view;

/// The first figures of a mesh. The sentence that sums them up is made by the API.
///
/// @param requestsPerSecond over the last seconds, at this node's listeners
/// @param failuresPerSecond answered with 5xx or not at all
/// @param latencyMs as clients of this node saw it
/// @param membersAlive of
/// @param members in all, those that left on purpose not counted
/// @param endpointsHealthy of
/// @param endpoints in all
/// @param records held in all feeds
/// @param recordsPerSecond that arrived lately
/// @param feeds held
/// @param headsRoot root over the heads, in hexadecimal
/// @param repRoot root over the scores
/// @param repairsOpen repairs that have begun and not ended
public record OverviewView(
    double requestsPerSecond,
    double failuresPerSecond,
    Percentiles latencyMs,
    int membersAlive,
    int members,
    int endpointsHealthy,
    int endpoints,
    long records,
    double recordsPerSecond,
    int feeds,
    String headsRoot,
    String repRoot,
    int repairsOpen) {}
