package io.skein.reputation.contract;

import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.Origin;

/// A rater that is heard.
///
/// @param rater who
/// @param quarter its own standing, 1 to 4
/// @param origin as whom it counts
public record Voice(NodeId rater, int quarter, Origin origin) {}
