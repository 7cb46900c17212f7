package io.skein.api.view;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/// A record of the ledger.
///
/// @param hash in hexadecimal
/// @param author a node's id
/// @param name the author's name; empty text if unknown
/// @param epoch unsigned decimal: it may exceed what JSON numbers carry
/// @param seq within the feed, from 1
/// @param prev hash of the record before it
/// @param hlc hybrid clock, unsigned decimal
/// @param at the wall-clock part of the hybrid clock
/// @param type `genesis`, `performance`, …
/// @param body what it says; never changed after it was handed over
/// @param state its place on the ladder in one word: `local`, `replicated(n)` or `witnessed(n)`
/// @param ladder its place on the ladder in figures
/// @param signature in hexadecimal
/// @param bytes length of its binary form
public record RecordView(
    String hash,
    String author,
    String name,
    String epoch,
    long seq,
    String prev,
    String hlc,
    Instant at,
    String type,
    JsonObject body,
    String state,
    Ladder ladder,
    String signature,
    int bytes) {
  /// The same record, at another place on the ladder or of an author by another name.
  public RecordView standing(String nameNow, Ladder ladderNow) {
    return new RecordView(
        hash,
        author,
        nameNow,
        epoch,
        seq,
        prev,
        hlc,
        at,
        type,
        body,
        ladderNow.text(),
        ladderNow,
        signature,
        bytes);
  }
}
