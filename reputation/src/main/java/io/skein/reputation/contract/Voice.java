package io.skein.reputation.contract;

import io.skein.ledger.key.NodeId;

/// A rater that is heard.
///
/// @param rater who
/// @param quarter its own standing, 1 to 4
/// @param token the token it joined by, as a number
public record Voice(NodeId rater, int quarter, int token) {}
