/// TLS towards clients and endpoints: certificates chosen by name, read from files, read again when
/// they change.
@NullMarked
package io.skein.proxy.tls;

import org.jspecify.annotations.NullMarked;
