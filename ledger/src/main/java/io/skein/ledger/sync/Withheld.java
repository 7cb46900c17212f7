package io.skein.ledger.sync;

import io.skein.ledger.record.FeedId;

/// A feed that peers say goes on, and nobody delivers.
///
/// @param feed which
/// @param heldSeq how far the ledger has it; 0 if nothing of it
/// @param toldSeq how far it goes as they say
/// @param peers how many live peers say that they have it
/// @param hearsay how many live peers say that others told them so, and that they could not get it
///   either
/// @param forNanos for how long the ledger has stood still
public record Withheld(
    FeedId feed, long heldSeq, long toldSeq, int peers, int hearsay, long forNanos) {}
