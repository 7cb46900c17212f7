/// Limits on retries.
@NullMarked
package io.skein.routing.retry;

import org.jspecify.annotations.NullMarked;
