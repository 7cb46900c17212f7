/// Which records may go, and when: retention by age and size.
@NullMarked
package io.skein.ledger.retention;

import org.jspecify.annotations.NullMarked;
