/// What event loops note of each request, for somebody else to take: rings of slots made in
/// advance.
@NullMarked
package io.skein.proxy.receipt;

import org.jspecify.annotations.NullMarked;
