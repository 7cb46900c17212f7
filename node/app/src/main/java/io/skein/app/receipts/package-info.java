/// Receipts of requests: from the event loops' rings into windows, from windows into the ledger,
/// and from there to whoever asks.
@NullMarked
package io.skein.app.receipts;

import org.jspecify.annotations.NullMarked;
