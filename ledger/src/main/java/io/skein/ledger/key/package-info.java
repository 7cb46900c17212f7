/// Ed25519 identities: keys, their files, and the names derived from them.
@NullMarked
package io.skein.ledger.key;

import org.jspecify.annotations.NullMarked;
