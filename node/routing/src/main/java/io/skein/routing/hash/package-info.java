/// Keys of requests, and what the policies that place by key share.
///
/// Source of the bound: V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded
/// Loads", SODA 2018.
@NullMarked
package io.skein.routing.hash;

import org.jspecify.annotations.NullMarked;
