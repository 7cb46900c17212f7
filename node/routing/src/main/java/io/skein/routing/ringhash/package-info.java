/// Consistent hashing on a ring.
///
/// Source: D. Karger et al., "Consistent Hashing and Random Trees", STOC 1997; points as in
/// libketama.
///
/// Formula: a candidate of weight w has max(1, 160 · w ÷ mean weight) points on a ring of 64-bit
/// hashes; a request goes to the first point at or after its key. When a candidate goes, only its
/// keys move; when one comes, only those that become its own. With a load bound c, nobody takes
/// more than ⌈c · (requests in flight + 1) · share⌉; what does not fit goes on to the next
/// candidate on the ring.
///
/// Units: none. Cost: a binary search; a ring is 12 bytes a point, made once for each membership.
///
/// Does badly: shares differ by about 1 ÷ √points (8 % with 160); hot keys make hot endpoints
/// unless bounded; without a bound it sees no load at all. Requests without a key are drawn at
/// random.
@NullMarked
package io.skein.routing.ringhash;

import org.jspecify.annotations.NullMarked;
