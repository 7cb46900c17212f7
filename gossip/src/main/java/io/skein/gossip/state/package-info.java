/// Small versioned values of every node, spread by push-pull exchange after Scuttlebutt (van
/// Renesse et al., "Efficient Reconciliation and Flow Control for Anti-Entropy Protocols", 2008).
/// Pure: clock, randomness and transport are arguments.
@NullMarked
package io.skein.gossip.state;

import org.jspecify.annotations.NullMarked;
