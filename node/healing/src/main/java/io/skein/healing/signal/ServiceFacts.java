package io.skein.healing.signal;

import io.skein.healing.swarm.Figures;

/// What is known of a service as a whole.
///
/// @param change names the change that made it what it is
/// @param revertible whether it is known what it was before, and no change of it was taken back of
///   late
/// @param recent requests to its endpoints in the last seconds, from here; needed from the step on
///   in which a change shows, when they are those before it, for a minute
public record ServiceFacts(String change, boolean revertible, Figures recent) {}
