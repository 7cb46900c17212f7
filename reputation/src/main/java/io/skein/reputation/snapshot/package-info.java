/// What readers hold: immutable scores, their root hash, and the reasons behind them.
@NullMarked
package io.skein.reputation.snapshot;

import org.jspecify.annotations.NullMarked;
