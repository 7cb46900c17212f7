/// What happens when, in virtual time.
@NullMarked
package io.skein.simulator.event;

import org.jspecify.annotations.NullMarked;
