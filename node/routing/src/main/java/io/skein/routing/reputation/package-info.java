/// How scores of peers become shares of the requests forwarded to them.
///
/// Source and formula: [io.skein.routing.reputation.ForwardShares]. Units: scores in Q30, weights
/// as [io.skein.routing.candidate.Candidate] has them. Cost: one pass over a service's peers, when
/// a route table is built and never for a request.
@NullMarked
package io.skein.routing.reputation;

import org.jspecify.annotations.NullMarked;
