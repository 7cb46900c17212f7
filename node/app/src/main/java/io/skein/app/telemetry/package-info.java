/// What a node measures of itself, in the form that Prometheus reads.
@NullMarked
package io.skein.app.telemetry;

import org.jspecify.annotations.NullMarked;
