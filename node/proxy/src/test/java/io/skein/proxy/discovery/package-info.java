@NullMarked
package io.skein.proxy.discovery;

import org.jspecify.annotations.NullMarked;
