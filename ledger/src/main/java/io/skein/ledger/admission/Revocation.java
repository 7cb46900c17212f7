package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;

/// The end of an identity by another member's word.
///
/// @param subject whom the record names: the identity itself, or one that was handed on to it
/// @param by who wrote it
/// @param reason why, for people; may be empty text
/// @param hlc hybrid-clock time of the record: what the identity wrote after it is ignored
/// @param record hash of the revoke record
public record Revocation(NodeId subject, NodeId by, String reason, long hlc, Hash record) {}
