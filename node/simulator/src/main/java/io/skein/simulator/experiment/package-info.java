/// Experiments: what is compared under which conditions, and what came out.
@NullMarked
package io.skein.simulator.experiment;

import org.jspecify.annotations.NullMarked;
