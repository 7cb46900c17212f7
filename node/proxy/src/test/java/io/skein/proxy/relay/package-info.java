@NullMarked
package io.skein.proxy.relay;

import org.jspecify.annotations.NullMarked;
