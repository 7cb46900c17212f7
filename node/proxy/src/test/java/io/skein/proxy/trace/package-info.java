@NullMarked
package io.skein.proxy.trace;

import org.jspecify.annotations.NullMarked;
