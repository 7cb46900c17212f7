/// Trees over feeds and what can be proved by them.
@NullMarked
package io.skein.ledger.proof;

import org.jspecify.annotations.NullMarked;
