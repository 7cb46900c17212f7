/// How many requests a service can have in flight before they only wait.
///
/// Source: Netflix `concurrency-limits`, `Gradient2Limit`: a limit that follows the quotient of an
/// unloaded latency and the latency now. Its baseline is a slow average of all latencies; under
/// lasting overload that average becomes the overload's own latency and the limit grows without
/// end. Here the baseline is a minimum that is measured anew by draining for a moment, as BBR does
/// (N. Cardwell et al., "BBR: Congestion-Based Congestion Control", ACM Queue 14(5), 2016,
/// `ProbeRTT`).
///
/// Units: requests, nanoseconds. Cost: an atomic add at either end of a request.
///
/// Does badly: when latency varies by request and the mix changes, the limit follows the mix until
/// the next probe; below `least` requests in flight nothing is limited, however slow the service.
@NullMarked
package io.skein.routing.concurrency;

import org.jspecify.annotations.NullMarked;
