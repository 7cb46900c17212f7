/// Signed notes, checkpoints and cosignatures in the text forms of C2SP, which monitors and
/// witnesses of other make read as well.
@NullMarked
package io.skein.ledger.note;

import org.jspecify.annotations.NullMarked;
