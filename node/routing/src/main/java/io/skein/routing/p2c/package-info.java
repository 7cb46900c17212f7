/// Least request by the power of two choices.
///
/// Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS
/// 12(10), 2001; Envoy's `LEAST_REQUEST` with `choice_count` 2.
///
/// Formula: draw two different candidates with probability proportional to weight; keep the one
/// with the smaller in-flight ÷ weight; on a tie the one drawn first. So an idle service is shared
/// by weight, and a loaded one by in-flight per weight.
///
/// Units: requests in flight from this node. Cost: two draws.
///
/// Does badly: with an endpoint that fails fast, which never has anything in flight and so attracts
/// traffic (ejection must catch it), and at low rates, where nothing is ever in flight and a slow
/// endpoint keeps its full share.
@NullMarked
package io.skein.routing.p2c;

import org.jspecify.annotations.NullMarked;
