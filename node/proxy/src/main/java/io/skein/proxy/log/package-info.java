/// The access log: one line a request, written off the event loops.
@NullMarked
package io.skein.proxy.log;

import org.jspecify.annotations.NullMarked;
