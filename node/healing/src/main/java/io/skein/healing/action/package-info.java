/// What a healer decides.
@NullMarked
package io.skein.healing.action;

import org.jspecify.annotations.NullMarked;
