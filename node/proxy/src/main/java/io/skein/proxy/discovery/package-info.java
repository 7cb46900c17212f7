/// Endpoints that DNS knows: addresses and services, asked for again when their time to live is
/// over.
@NullMarked
package io.skein.proxy.discovery;

import org.jspecify.annotations.NullMarked;
