/// Keeping requests from an endpoint that is full or fails, from this node, at once.
///
/// Source: M. Nygard, "Release It!", 2007, ch. 5 (closed, open, half-open); the bounds on
/// connections, pending and requests are those of Envoy's `circuit_breakers.thresholds`, here by
/// endpoint instead of by cluster.
///
/// Two fences, two distances. The breaker is one node's reflex: it opens after failures in a row,
/// for seconds, and asks nobody. Setting an endpoint aside is the mesh's verdict, signed and kept
/// in the ledger: see `healing`. The breaker waits for twice as many failures as the diagnosis
/// needs, so that it never takes the evidence away from the verdict, and covers the time until that
/// comes or the case that it never does.
///
/// Units: requests, connections, nanoseconds. Cost: an atomic add at either end of a try.
///
/// Does badly: an endpoint that fails every second request never fails often enough in a row; the
/// failure rate of `ejection` sees that.
@NullMarked
package io.skein.routing.breaker;

import org.jspecify.annotations.NullMarked;
