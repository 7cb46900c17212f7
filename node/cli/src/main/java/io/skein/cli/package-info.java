/// The command line: a client of one node's API, and offline verification of a ledger.
///
/// Start at [io.skein.cli.Verbs], the table of all verbs. Nothing here starts a node.
@NullMarked
package io.skein.cli;

import org.jspecify.annotations.NullMarked;
