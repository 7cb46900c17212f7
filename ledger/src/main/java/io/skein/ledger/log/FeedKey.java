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
    Optional<PublicKey> carried =
        switch (first.body()) {
          case Body.Genesis genesis -> Optional.of(genesis.publicKey());
          case Body.Join join -> Optional.of(join.publicKey());
          case Body.Epoch epoch -> Optional.of(epoch.publicKey());
          case Body.Invite _,
              Body.Revoke _,
              Body.Performance _,
              Body.Service _,
              Body.Contract _,
              Body.Experiment _,
              Body.Heal _,
              Body.Effect _,
              Body.Rotate _,
              Body.Receipts _,
              Body.Checkpoint _,
              Body.Cosign _,
              Body.ForkProof _,
              Body.Snapshot _,
              Body.Reserved _ ->
              Optional.empty();
        };
    return carried.filter(key -> key.nodeId().equals(first.author()));
  }
}
