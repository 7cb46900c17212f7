/// Clients that use a mesh over HTTP while it is broken, and write down what they saw.
@NullMarked
package io.skein.chaos.workload;

import org.jspecify.annotations.NullMarked;
