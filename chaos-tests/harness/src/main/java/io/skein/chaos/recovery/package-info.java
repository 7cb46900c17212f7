/// How long clients go without after a fault: a mesh of real nodes and, beside it, other balancers
/// in front of the same endpoints, under one load and the same faults.
@NullMarked
package io.skein.chaos.recovery;

import org.jspecify.annotations.NullMarked;
