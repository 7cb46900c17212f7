/// Where requests may go: immutable tables that event loops read and one writer publishes.
@NullMarked
package io.skein.proxy.route;

import org.jspecify.annotations.NullMarked;
