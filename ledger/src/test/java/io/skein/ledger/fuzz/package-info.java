/// What every fuzz target of this module shares, and the replay of the inputs kept from earlier
/// runs.
@NullMarked
package io.skein.ledger.fuzz;

import org.jspecify.annotations.NullMarked;
