/// Spans of the proxy's own (OpenTelemetry's data model), on their way to whoever exports them.
@NullMarked
package io.skein.proxy.trace;

import org.jspecify.annotations.NullMarked;
