/// Round robin: candidates take turns in proportion to their weights.
///
/// Source: weighted round robin as in M. Katevenis et al., "Weighted round-robin cell multiplexing
/// in a general-purpose ATM switch chip", IEEE JSAC 9(8), 1991; the even spreading by a step near
/// the golden section is Knuth, TAOCP vol. 3, §6.4 (multiplicative hashing).
///
/// Formula: turn t goes to the candidate at point (t · s) mod W of the line of weights, W the sum
/// of the weights, s coprime to W; so every W turns each candidate has exactly its weight.
///
/// Units: none. Cost: one atomic increment, one binary search.
///
/// Does badly: when requests differ much in cost or endpoints in speed, since it sees neither load
/// nor latency: a slow endpoint keeps its full share. Many nodes that start together walk in step.
@NullMarked
package io.skein.routing.roundrobin;

import org.jspecify.annotations.NullMarked;
