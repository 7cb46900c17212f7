/// What this node saw of its traffic: meters on the request path, folded once a second.
@NullMarked
package io.skein.app.traffic;

import org.jspecify.annotations.NullMarked;
