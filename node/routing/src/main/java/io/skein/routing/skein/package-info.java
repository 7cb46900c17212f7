/// The default policy: predicted latency times load divided by reputation, two choices, weighed.
///
/// Source and formula: [io.skein.routing.skein.SkeinPolicy]. Units: nanoseconds, reputation in Q30.
/// Cost: two or three draws, two exponentials.
///
/// Does badly: when every endpoint is overloaded it only spreads the overload (nothing is shed
/// here); when latency differs by what the fingerprint of a request does not hold, a peak that says
/// nothing about the endpoint costs it traffic for seconds; with two endpoints two choices are no sample, and
/// only the weighing keeps nodes with the same view apart. It knows this node's own requests only:
/// load that the endpoint reports itself is not used yet.
@NullMarked
package io.skein.routing.skein;

import org.jspecify.annotations.NullMarked;
