@NullMarked
package io.skein.proxy.health;

import org.jspecify.annotations.NullMarked;
