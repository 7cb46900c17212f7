/// A network in virtual time for deterministic simulation: one seed, one trace.
@NullMarked
package io.skein.gossip.sim;

import org.jspecify.annotations.NullMarked;
