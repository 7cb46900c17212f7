package io.skein.gossip.transport.jgroups;

/// What a [JGroupsTransport] has done since its start.
///
/// @param sent messages handed to JGroups
/// @param received messages handed to the listener
/// @param droppedUnknown messages to nobody in the view
/// @param droppedFull messages whose peer does not read fast enough, or left before they were sent
/// @param malformed messages received without a channel or from a member without an identity
public record TransportCounters(
    long sent, long received, long droppedUnknown, long droppedFull, long malformed) {}
