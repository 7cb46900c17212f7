/// Who takes over from whom.
@NullMarked
package io.skein.healing.shadow;

import org.jspecify.annotations.NullMarked;
