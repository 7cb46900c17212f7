package io.skein.ledger.log;

import io.skein.ledger.record.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 over parts, as one text.
final class Sha256 {
  private Sha256() {}

  static Hash of(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return Hash.of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
