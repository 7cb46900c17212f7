/// The default policy: sample first, then rank by what the endpoints themselves say.
///
/// Source and formula: [io.skein.routing.skein.SkeinPolicy]. Units: nanoseconds, reputation in Q30.
/// Cost: up to five draws; for each of at most eight compared two exponentials, a root and a look
/// at eight marks.
///
/// Where truth comes from: a node measures its own endpoints, which nobody else sends to, and asks
/// nobody; of endpoints that several nodes share, each tells the others five times a second what it
/// has in flight there and what it expects. No probe is sent on the request path. A
/// [io.skein.routing.candidate.Prober] other than the direct one, such as the simulator's, is asked
/// with each request.
///
/// Does badly: when every endpoint is overloaded it only spreads the overload (nothing is shed
/// here); where latency differs by request rather than by endpoint, a long request in flight makes
/// an endpoint look slow until it answers; with many nodes that share an endpoint and tell each
/// other late, each pays for finding out that it stalls (half of what peak EWMA pays).
@NullMarked
package io.skein.routing.skein;

import org.jspecify.annotations.NullMarked;
