/// Consistent hashing by a lookup table.
///
/// Source: D. E. Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer",
/// NSDI 2016, §3.4, table of 65,537; weights as in Envoy (a turn is skipped until the candidate's
/// weighted share has come up); bound: V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent
/// Hashing with Bounded Loads", SODA 2018.
///
/// Formula: every candidate has a permutation of the table's places, (offset + j · skip) mod M from
/// two hashes of its id; candidates in the order of their ids take their next free place in turn
/// until the table is full. A request goes to place key mod M. With a load bound c (1.25) nobody
/// takes more than ⌈c · (requests in flight + 1) · share⌉; what does not fit goes to the place of
/// the key hashed again, so that the overflow of one endpoint spreads over all others by weight.
///
/// Units: none. Cost: one look into the table; with a bound and a busy endpoint a sum over all. A
/// table is 2 bytes a place (128 KiB), made once for each membership in a few milliseconds.
///
/// Does badly: shares are even, but some keys move that need not when membership changes (about 1–2
/// % with 65,537 and 100 endpoints); hot keys are only bounded, not spread evenly.
@NullMarked
package io.skein.routing.maglev;

import org.jspecify.annotations.NullMarked;
