/// Reaches into the directory to break it.
@NullMarked
package io.skein.gossip.directory;

import org.jspecify.annotations.NullMarked;
