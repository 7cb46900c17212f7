package io.skein.gossip.state;

/// What a [StateExchange] has done since it was made.
///
/// @param sent messages handed to the outbox
/// @param received messages taken in, well formed or not
/// @param malformed of these, dropped because they do not parse or break a limit
/// @param refused well-formed owners or values dropped because a limit of this node is reached
/// @param applied values of peers that were new here
public record StateCounters(long sent, long received, long malformed, long refused, long applied) {}
