@NullMarked
package io.skein.proxy.load;

import org.jspecify.annotations.NullMarked;
