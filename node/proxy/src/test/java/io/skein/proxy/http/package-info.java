@NullMarked
package io.skein.proxy.http;

import org.jspecify.annotations.NullMarked;
