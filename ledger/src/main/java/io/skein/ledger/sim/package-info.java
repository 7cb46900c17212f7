/// Stand-ins for the world outside, with faults to order.
@NullMarked
package io.skein.ledger.sim;

import org.jspecify.annotations.NullMarked;
