package io.skein.reputation.contract;

/// A contract that can be judged.
///
/// @param name its name
/// @param terms whom it is about and what follows
/// @param condition what must hold in a window
/// @param fromWindow the first window it judges: the first that began after it was written
public record Contract(String name, Terms terms, Condition condition, long fromWindow) {}
