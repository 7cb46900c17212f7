package io.skein.ledger.record;

import io.skein.ledger.key.PublicKey;
import java.util.Arrays;

/// One cosignature.
///
/// @param feed whose checkpoint
/// @param size the checkpoint's size, 1 or more
/// @param root the checkpoint's root
/// @param timeSeconds when it was made, Unix seconds
/// @param signature over the note, 64 bytes
public record Cosignature(FeedId feed, long size, Hash root, long timeSeconds, byte[] signature) {
  public Cosignature {
    Checks.range("size", size, 1, Long.MAX_VALUE - 1);
    Checks.notNegative("timeSeconds", timeSeconds);
    Checks.length("signature", signature, PublicKey.SIGNATURE_BYTES);
    signature = signature.clone();
  }

  @Override
  public byte[] signature() {
    return signature.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cosignature that
        && feed.equals(that.feed)
        && size == that.size
        && root.equals(that.root)
        && timeSeconds == that.timeSeconds
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return feed.hashCode() * 31 + root.hashCode();
  }
}
