/// Counting over a sliding window.
@NullMarked
package io.skein.routing.window;

import org.jspecify.annotations.NullMarked;
