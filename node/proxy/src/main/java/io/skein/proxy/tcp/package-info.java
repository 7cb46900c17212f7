/// Listeners whose connections are passed on as they are: TCP (with TLS that ends here, if wanted)
/// and TLS that ends at the endpoint.
@NullMarked
package io.skein.proxy.tcp;

import org.jspecify.annotations.NullMarked;
