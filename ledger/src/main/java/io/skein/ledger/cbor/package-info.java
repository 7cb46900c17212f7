/// A deterministic subset of CBOR (RFC 8949 §4.2.1): one value has one encoding, and only that one
/// is read.
@NullMarked
package io.skein.ledger.cbor;

import org.jspecify.annotations.NullMarked;
