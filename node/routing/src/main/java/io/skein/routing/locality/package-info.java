/// Local endpoints first, peers when needed.
///
/// Source: the order (here first, to peers what is too much) is that of Google Cloud's waterfall by
/// region; when it is too much, and what each peer then gets, is in `SpillOver` and `Headroom`.
@NullMarked
package io.skein.routing.locality;

import org.jspecify.annotations.NullMarked;
