/// Time in the ledger.
@NullMarked
package io.skein.ledger.clock;

import org.jspecify.annotations.NullMarked;
