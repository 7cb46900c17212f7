/// From shared facts to repairs: pure. [io.skein.healing.Healer] is where to start.
@NullMarked
package io.skein.healing;

import org.jspecify.annotations.NullMarked;
