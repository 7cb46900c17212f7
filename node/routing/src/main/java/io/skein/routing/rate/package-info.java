/// How many requests somebody may make.
///
/// Source: the generic cell rate algorithm (ITU-T I.371, annex A), which is a token bucket kept as
/// one time: the theoretical arrival time `tat`, at which the bucket is full again. A request
/// conforms if `now ≥ tat − tolerance`, and then `tat = max(now, tat) + interval`, with `interval =
/// 1 ÷ rate` and `tolerance = interval · (burst − 1)`. For many keys the times lie in a table of
/// fixed size; for the whole mesh nodes gossip what they are asked for and share the limit by that.
///
/// Units: nanoseconds. Cost: one compare-and-set; nothing is allocated.
///
/// Does badly: clients behind one address share what the address may. More clients at once than the
/// table holds: the busiest of a bucket are forgotten last, and whoever is forgotten has a full
/// burst.
@NullMarked
package io.skein.routing.rate;

import org.jspecify.annotations.NullMarked;
