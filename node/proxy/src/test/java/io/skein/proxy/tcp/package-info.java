@NullMarked
package io.skein.proxy.tcp;

import org.jspecify.annotations.NullMarked;
