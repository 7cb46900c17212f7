/// Active health checks: asking endpoints how they are, instead of waiting for requests to fail.
@NullMarked
package io.skein.proxy.health;

import org.jspecify.annotations.NullMarked;
