package io.skein.reputation.snapshot;

/// The score that a subject had at the end of a window.
///
/// @param window of ledger time
/// @param q30 the score
/// @param raters whose opinions counted
public record PastScore(long window, long q30, int raters) {}
