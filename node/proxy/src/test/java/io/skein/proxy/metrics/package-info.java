@NullMarked
package io.skein.proxy.metrics;

import org.jspecify.annotations.NullMarked;
