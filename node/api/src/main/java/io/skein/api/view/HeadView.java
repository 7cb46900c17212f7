package io.skein.api.view;

/// The last record of a feed.
///
/// @param author a node's id
/// @param name the author's name; empty text if unknown
/// @param epoch unsigned decimal: it may exceed what JSON numbers carry
/// @param seq of the last record, which is also their count
/// @param hash of the last record in hexadecimal
/// @param state `live`, `closed`, `frozen` (forked) or `revoked`
public record HeadView(
    String author, String name, String epoch, long seq, String hash, String state) {}
