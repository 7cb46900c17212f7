/// Reputation once more, slowly and by other means, to compare with.
@NullMarked
package io.skein.reputation.oracle;

import org.jspecify.annotations.NullMarked;
