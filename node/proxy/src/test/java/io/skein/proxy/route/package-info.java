@NullMarked
package io.skein.proxy.route;

import org.jspecify.annotations.NullMarked;
