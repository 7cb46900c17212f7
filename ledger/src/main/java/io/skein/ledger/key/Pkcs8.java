package io.skein.ledger.key;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Ed25519 secrets as PKCS#8 (RFC 8410 §7, version 1, without the public key): constant bytes, then
/// the seed.
final class Pkcs8 {
  private static final byte[] PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Pkcs8() {}

  static byte[] encode(SigningKey key) {
    return key.provided().getEncoded();
  }

  static byte[] encode(byte[] seed) {
    byte[] encoded = Arrays.copyOf(PREFIX, PREFIX.length + SigningKey.SEED_BYTES);
    System.arraycopy(seed, 0, encoded, PREFIX.length, SigningKey.SEED_BYTES);
    return encoded;
  }

  /// Empty for anything but that one form.
  static Optional<SigningKey> decode(byte[] encoded) {
    if (encoded.length != PREFIX.length + SigningKey.SEED_BYTES
        || !Arrays.equals(encoded, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
      return Optional.empty();
    }
    return Optional.of(
        SigningKey.ofSeed(Arrays.copyOfRange(encoded, PREFIX.length, encoded.length)));
  }
}
