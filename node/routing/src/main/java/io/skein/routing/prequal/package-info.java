/// Prequal: choose by probes that were sent before they were needed.
///
/// Source: B. Wydrowski, R. Kleinberg, S. M. Rumble, A. Archer, "Load is not what you should
/// balance: Introducing Prequal", NSDI 2024, §4. Constants: 3 probes a request, pool of 16, 1 s,
/// one removal a request, Q_RIF 2^-¼ ≈ 0.84, δ = 1.
///
/// Formula: with each request some candidates, drawn without repetition, are asked how many
/// requests are in flight there (RIF) and what latency requests have at that many; answers enter a
/// pool. A pooled answer is *hot* if its RIF is above the Q_RIF quantile of the RIFs of recent
/// answers. If all are hot the one with the lowest RIF wins, else the cold one with the lowest
/// latency. Whoever is chosen has its pooled RIF raised by 1. An answer leaves the pool when it is
/// older than 1 s, when it was used b times, when the pool is full and it is the oldest, and with
/// each request one leaves: in turns the oldest, and the worst (the hot one of the highest RIF; if
/// none is hot, the slowest).
///
/// b = max(1, (1 + δ) ÷ ((1 − m/n) · probes − removals)), rounded at random
///
/// With fewer than 2 answers in the pool, one is drawn by weight. m is min(16, n/2), at least 2.
/// For small n, where the divisor comes near 0 or below, b is bounded.
///
/// Here: candidates are drawn by weight and RIFs are scaled by mean weight ÷ weight, so that it
/// works for endpoints that differ; a newer answer replaces an older one of the same candidate.
/// Each event loop has a pool of its own and asks for itself. Endpoints of this node alone answer
/// at once, from [io.skein.routing.candidate.LatencyByLoad]; what is shared answers with what other
/// nodes told last.
///
/// Units: requests, nanoseconds. Cost: three draws, three medians of eight, two passes over the
/// pool.
///
/// Does badly: an endpoint that fails fast has nothing in flight and would look good; that failures
/// count as 5 s is what keeps it away. At low rates the pool is empty or old and chance decides. Of
/// three candidates or fewer all are asked each time, so that an idle service is not shared by
/// weight. Each node learns for itself.
@NullMarked
package io.skein.routing.prequal;

import org.jspecify.annotations.NullMarked;
