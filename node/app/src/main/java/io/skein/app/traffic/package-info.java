/// Traffic: what a service's is to be like, and what this node saw of it. Its meters stand on the
/// request path and are folded once a second.
@NullMarked
package io.skein.app.traffic;

import org.jspecify.annotations.NullMarked;
