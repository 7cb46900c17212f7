package io.skein.reputation.snapshot;

/// What all raters whose word counts said of one subject in one window.
///
/// @param window which window
/// @param raters how many spoke of it
/// @param good sum of their good counts, each at most 1,000
/// @param bad sum of their bad counts, each at most 1,000
public record WindowTotal(long window, int raters, long good, long bad) {}
