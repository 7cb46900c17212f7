@NullMarked
package io.skein.proxy.tls;

import org.jspecify.annotations.NullMarked;
