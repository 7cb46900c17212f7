/// Choosing an endpoint: pure decision code. [io.skein.routing.Policies] names the policies.
@NullMarked
package io.skein.routing;

import org.jspecify.annotations.NullMarked;
