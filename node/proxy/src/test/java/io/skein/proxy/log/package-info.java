@NullMarked
package io.skein.proxy.log;

import org.jspecify.annotations.NullMarked;
