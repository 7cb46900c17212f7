/// Balancers that run the classes of io.skein.routing against simulated endpoints.
@NullMarked
package io.skein.simulator.balancer;

import org.jspecify.annotations.NullMarked;
