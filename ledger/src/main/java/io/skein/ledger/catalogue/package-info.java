/// The service catalogue: a fold of the ledger's service records.
@NullMarked
package io.skein.ledger.catalogue;

import org.jspecify.annotations.NullMarked;
