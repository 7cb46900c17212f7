package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;

/// An identity that was handed on to a new key.
///
/// @param successor who took it over
/// @param hlc hybrid-clock time of the rotation: what the old identity wrote after it is ignored
/// @param record hash of the rotate record
public record Rotation(NodeId successor, long hlc, Hash record) {}
