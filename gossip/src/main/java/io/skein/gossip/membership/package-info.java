/// The table of members, folded from views and sightings. Pure.
@NullMarked
package io.skein.gossip.membership;

import org.jspecify.annotations.NullMarked;
