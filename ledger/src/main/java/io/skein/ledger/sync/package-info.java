/// Reconciliation: how ledgers of one mesh become equal, as pure steps.
@NullMarked
package io.skein.ledger.sync;

import org.jspecify.annotations.NullMarked;
