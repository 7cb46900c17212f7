package io.skein.ledger.log;

import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;

/// The first records of a feed, verified once in full.
///
/// @param size how many
/// @param root of their tree, which covers all that is signed
/// @param signatures SHA-256 over their signatures in order, which the tree leaves out
record Verified(FeedId feed, long size, Hash root, Hash signatures) {}
