/// When requests come and how long serving one takes.
@NullMarked
package io.skein.simulator.workload;

import org.jspecify.annotations.NullMarked;
