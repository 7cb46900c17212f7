/// A replicated copy of what the ledger says, for whoever cannot read the ledger yet. It is never
/// authoritative: everything in it is derived, and an audit makes it equal to its source again.
@NullMarked
package io.skein.gossip.directory;

import org.jspecify.annotations.NullMarked;
