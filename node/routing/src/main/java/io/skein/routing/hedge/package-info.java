/// A second try while the first is still awaited.
///
/// Source: J. Dean and L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013, "hedged requests":
/// with a second request after the 95th percentile the 99.9th fell from 1,800 ms to 74 ms at 2 %
/// more requests. The budget is gRPC's idea (A6, retry throttling) in the form of this project's
/// [io.skein.routing.retry.RetryBudget].
///
/// On for every service that does not say otherwise: what is hedged (GET, HEAD and OPTIONS without
/// a body) is what is retried by default too, and the budget bounds what it can cost. Without it, a
/// request at an endpoint that stands still waits as long as the endpoint stands.
///
/// Units: nanoseconds, shares of requests. Cost: three counters for each request, two quantiles
/// every 250 ms.
///
/// Does badly: when the whole service is slow a second try only adds load, which the budget bounds
/// to 2 %; when slowness lies in the request itself, both tries are slow; below some 20 answers in
/// ten seconds there is no quantile and nothing is hedged.
@NullMarked
package io.skein.routing.hedge;

import org.jspecify.annotations.NullMarked;
