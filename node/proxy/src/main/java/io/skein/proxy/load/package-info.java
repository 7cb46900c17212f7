/// What endpoints say of their own load in answers (ORCA).
@NullMarked
package io.skein.proxy.load;

import org.jspecify.annotations.NullMarked;
