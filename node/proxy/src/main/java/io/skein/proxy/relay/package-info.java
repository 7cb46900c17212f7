/// Bytes passed between two connections as they are: what TCP listeners, TLS passthrough and
/// upgraded HTTP connections have in common.
@NullMarked
package io.skein.proxy.relay;

import org.jspecify.annotations.NullMarked;
