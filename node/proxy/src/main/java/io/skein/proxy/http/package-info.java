/// The HTTP/1.1 reverse proxy: Netty's strict codec on Vert.x event loops, one request on one loop.
@NullMarked
package io.skein.proxy.http;

import org.jspecify.annotations.NullMarked;
