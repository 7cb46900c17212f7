/// What a node did with a request, and the proof that it said so: leaves of a tree whose root is in
/// a [Receipts][io.skein.ledger.record.Body.Receipts] record. Pure; times come as arguments.
@NullMarked
package io.skein.ledger.receipt;

import org.jspecify.annotations.NullMarked;
