package io.skein.gossip.membership;

import io.skein.gossip.transport.PeerId;

/// A row of the table.
///
/// @param peer who
/// @param state what this node thinks of it
/// @param leaving whether it announced to go
/// @param lastSeenNanos when something was last heard of it directly, in the clock given to the
///   table
/// @param sinceNanos when `state` began
public record Member(
    PeerId peer, MemberState state, boolean leaving, long lastSeenNanos, long sinceNanos) {}
