@NullMarked
package io.skein.proxy.entrance;

import org.jspecify.annotations.NullMarked;
