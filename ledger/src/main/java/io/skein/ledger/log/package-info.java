/// The log: feeds on disk and in memory, the ledger that decides what enters them, and the offline
/// verifier. Formats and rules are in `ledger/STORAGE.md`.
@NullMarked
package io.skein.ledger.log;

import org.jspecify.annotations.NullMarked;
