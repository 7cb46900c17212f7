/// An ant colony: requests follow what good answers have laid on the way.
///
/// Source: M. Dorigo, V. Maniezzo, A. Colorni, "Ant System: Optimization by a Colony of Cooperating
/// Agents", IEEE SMC-B 26(1), 1996 (the random proportional rule); T. Stützle, H. Hoos, "MAX–MIN
/// Ant System", FGCS 16(8), 2000 (bounds on the pheromone).
///
/// Formula: p ∝ w · τ^α ÷ (1 + load)^β. τ is the pheromone on the way for its weight: every good
/// answer lays an amount inverse to its latency, a tenth evaporates each second, and it is clamped
/// between τmin and τmax, which are multiples of the mean over the candidates. load is in-flight
/// scaled by mean weight ÷ weight. A way that nobody has walked yet counts as the mean.
///
/// Pheromone is shared: counters by (way, depositor, second) that only grow travel as gossip and
/// are merged by the greatest ([io.skein.routing.pheromone.PheromoneMap]).
///
/// Units: pheromone in [io.skein.routing.candidate.Trail#AMOUNT]. Cost: it looks at every
/// candidate, one or two exponentials each.
///
/// Does badly: it forgets by a tenth a second, so that an endpoint turning slow keeps traffic for
/// seconds; τmin sends a share to the worst for ever, also to one that fails at once (1.5 % of all,
/// where `peak-ewma` sends 0.01 %); what is good attracts more and so lays more, which only the
/// bounds and the load term hold back. Most of what it does well is the load term.
@NullMarked
package io.skein.routing.swarm;

import org.jspecify.annotations.NullMarked;
