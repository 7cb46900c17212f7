/// Measures what the documents state; see the table in `ledger/STORAGE.md`.
@NullMarked
package io.skein.benchmarks;

import org.jspecify.annotations.NullMarked;
