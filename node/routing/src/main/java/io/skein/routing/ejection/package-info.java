/// Seeing that an endpoint is dead, failing or slow.
@NullMarked
package io.skein.routing.ejection;

import org.jspecify.annotations.NullMarked;
