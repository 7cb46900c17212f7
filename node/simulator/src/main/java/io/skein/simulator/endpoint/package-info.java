/// Endpoints as queueing stations.
@NullMarked
package io.skein.simulator.endpoint;

import org.jspecify.annotations.NullMarked;
