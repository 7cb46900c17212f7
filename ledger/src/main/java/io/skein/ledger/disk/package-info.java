/// What the ledger asks of a disk, and the real one.
@NullMarked
package io.skein.ledger.disk;

import org.jspecify.annotations.NullMarked;
