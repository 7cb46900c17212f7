/// Records: what a node signs, as values and as bytes.
@NullMarked
package io.skein.ledger.record;

import org.jspecify.annotations.NullMarked;
