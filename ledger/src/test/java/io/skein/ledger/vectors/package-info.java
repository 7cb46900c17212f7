/// Test vectors that another implementation can use: made from fixed seeds, compared with the files
/// kept, and checked by a reader that shares no code with this module.
@NullMarked
package io.skein.ledger.vectors;

import org.jspecify.annotations.NullMarked;
