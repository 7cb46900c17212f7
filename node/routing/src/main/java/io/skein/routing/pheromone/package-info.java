/// Pheromone as shared state: counters that merge without conflict.
///
/// Source: grow-only counters (M. Shapiro et al., "Conflict-free Replicated Data Types", SSS 2011).
@NullMarked
package io.skein.routing.pheromone;

import org.jspecify.annotations.NullMarked;
