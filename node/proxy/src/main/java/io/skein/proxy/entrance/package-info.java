/// Bound addresses where clients connect, apart from what is spoken there: so that what is spoken
/// can change while the address stays open.
@NullMarked
package io.skein.proxy.entrance;

import org.jspecify.annotations.NullMarked;
