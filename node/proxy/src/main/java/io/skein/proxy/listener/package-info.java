/// Where clients come in, whatever they speak: bound addresses, how many connections there may be,
/// and the wait until they are gone.
@NullMarked
package io.skein.proxy.listener;

import org.jspecify.annotations.NullMarked;
