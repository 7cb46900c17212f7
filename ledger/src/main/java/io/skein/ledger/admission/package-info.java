/// Who belongs to the mesh: decided from the ledger's records alone, applied to TLS connections.
@NullMarked
package io.skein.ledger.admission;

import org.jspecify.annotations.NullMarked;
