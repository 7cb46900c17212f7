/// Peak EWMA: latency that remembers peaks, times load, by the power of two choices.
///
/// Source: Twitter Finagle, `com.twitter.finagle.loadbalancer.p2c` with `PeakEwma`.
///
/// Formula: cost = latency · (in-flight + 1), latency the peak-sensitive average of
/// [io.skein.routing.candidate.EndpointLoad], in-flight scaled by mean weight ÷ weight. An endpoint
/// without a sample costs nothing while idle, and very much while its first request is in flight:
/// it is tried at once, by one request.
///
/// Units: nanoseconds. Cost: two draws and two exponentials.
///
/// Does badly: at low rates with few endpoints, where the slightly faster of two takes nearly
/// everything (cost is compared, not weighed), and when one slow request says nothing about the
/// endpoint (a large download): the peak marks it for several seconds.
@NullMarked
package io.skein.routing.peakewma;

import org.jspecify.annotations.NullMarked;
