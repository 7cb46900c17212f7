/// The mesh core in one thread and in virtual time: the very classes of ledger, gossip and
/// reputation over a simulated network, one seed for all chance.
@NullMarked
package io.skein.simulator.mesh;

import org.jspecify.annotations.NullMarked;
