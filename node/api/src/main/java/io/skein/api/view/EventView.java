package io.skein.api.view;

import java.time.Instant;

/// Something that happened.
///
/// @param id rises by one with each event of this process
/// @param at when it was seen here
/// @param kind `member`, `endpoint`, `healing`, `health`, `ledger`, `node`
/// @param level `info`, `warning` or `error`
/// @param subject whom it concerns, for people
/// @param text one line
public record EventView(
    long id, Instant at, String kind, String level, String subject, String text) {}
