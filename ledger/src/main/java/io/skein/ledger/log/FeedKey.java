package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;

/// A feed's first record carries the key that the whole feed is signed with, and the author's
/// identity is that key's: so a feed proves itself without anything else at hand.
final class FeedKey {
  private FeedKey() {}

  /// The key a feed's first record carries; empty if it carries none or its author's is another.
  static Optional<PublicKey> of(SignedRecord first) {
    return first.body() instanceof Body.Opening opening
            && opening.publicKey().nodeId().equals(first.author())
        ? Optional.of(opening.publicKey())
        : Optional.empty();
  }
}
