/// Counters of the data plane: written by event loops, read by a scraper, never locked.
@NullMarked
package io.skein.proxy.metrics;

import org.jspecify.annotations.NullMarked;
