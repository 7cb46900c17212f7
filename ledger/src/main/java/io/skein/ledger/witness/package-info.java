/// Checkpoints of feeds, who witnesses them, and what contradicts them: pure, from records alone.
@NullMarked
package io.skein.ledger.witness;

import org.jspecify.annotations.NullMarked;
