@NullMarked
package io.skein.proxy.prelude;

import org.jspecify.annotations.NullMarked;
