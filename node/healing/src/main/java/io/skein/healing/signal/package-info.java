/// What a healer is told.
@NullMarked
package io.skein.healing.signal;

import org.jspecify.annotations.NullMarked;
