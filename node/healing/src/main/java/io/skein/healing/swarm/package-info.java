/// Which repair is tried for what: strength gathers on those that worked.
@NullMarked
package io.skein.healing.swarm;

import org.jspecify.annotations.NullMarked;
