package io.skein.ledger.log;

import io.skein.ledger.record.Hash;

/// The last durable record of a feed.
///
/// @param seq its sequence number, 1 or more
/// @param hash its hash
public record Head(long seq, Hash hash) {}
