/// C3: rank all by a cubic function of the queue expected there.
///
/// Source: L. Suresh, M. Canini, S. Schmid, A. Feldmann, "C3: Cutting Tail Latency in Cloud Data
/// Stores via Adaptive Replica Selection", NSDI 2015, §3.1.
///
/// Formula: Ψ = R − 1/μ + q̂^b ÷ μ with b = 3 and q̂ = 1 + os · n + q. R is the exponential average
/// of the response times this node sees (nine tenths of what was), 1/μ the time the endpoint itself
/// takes, os the requests this node has there, n the number of nodes that send there, q the queue
/// the endpoint reports. The lowest Ψ wins; on a tie the one drawn first, by weight.
///
/// Here: q is what other nodes have in flight there, as they said within the last second; 1/μ is
/// the latency they measure, or R where nobody said anything, so that an endpoint of this node
/// alone costs R · (1 + os)³. os and q are scaled by mean weight ÷ weight. R fades with a time
/// constant of 10 s without answers, so that an endpoint once slow is tried again; the paper has no
/// such rule. Failures count as 5 s, as everywhere in Skein. The paper's rate control (a cubic
/// limit for each endpoint) is not part of it: `concurrency` and `breaker` limit what is sent.
///
/// Units: nanoseconds. Cost: it looks at every candidate; one exponential each.
///
/// Does badly: with many nodes that know little of each other, all find the same best endpoint (it
/// ranks, it does not sample); Prequal's authors measured it a little behind theirs at high load.
@NullMarked
package io.skein.routing.c3;

import org.jspecify.annotations.NullMarked;
