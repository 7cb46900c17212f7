/// What comes before a connection's own bytes: the PROXY header (HAProxy's
/// `doc/proxy-protocol.txt`, versions 1 and 2), in which a load balancer before us tells who its
/// client is, and in which we tell endpoints.
@NullMarked
package io.skein.proxy.prelude;

import org.jspecify.annotations.NullMarked;
