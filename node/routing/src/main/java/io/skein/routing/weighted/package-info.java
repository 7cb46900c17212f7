/// Weighted round robin by earliest deadline first.
///
/// Source: earliest deadline first as a scheduler of weighted queues (C. L. Liu, J. W. Layland,
/// "Scheduling algorithms for multiprogramming in a hard-real-time environment", JACM 20(1), 1973);
/// Envoy's `EDF scheduler`; nginx's smooth weighted round robin gives the same shares.
///
/// Formula: the k-th turn of a candidate of weight w is due at (k + ½) ÷ w; turns are taken in the
/// order in which they are due, ties by position. After W ÷ g turns (W the sum of the weights, g
/// their greatest common divisor) each candidate has had exactly w ÷ g and all begins anew.
///
/// Why this and not nginx's way: smooth round robin adds every weight to every candidate's account
/// for each turn, O(n) under a lock. A period of deadlines is the same every time, so it is written
/// down once for each snapshot in O(W log n), and a turn is one atomic increment. A period longer
/// than [io.skein.routing.weighted.WeightedConfig#mostTurns] is shortened by scaling the weights,
/// each at least 1: shares are then exact to 1 in that number.
///
/// When weights change, a new period is written down and begun at a place drawn by chance: a start
/// at its beginning would favour the heavy ones after each change, on all nodes at once.
///
/// Units: none. Cost: one atomic increment; a period is 4 bytes a turn.
///
/// Does badly: as round robin does. It sees neither load nor latency; weights that are wrong stay
/// wrong.
@NullMarked
package io.skein.routing.weighted;

import org.jspecify.annotations.NullMarked;
