package io.skein.app.rumor;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// A node's pulse in its own name: others are diagnosed by it, so whoever passes it on can change
/// none of it.
///
/// The signature is Ed25519 over `"skein pulse 1\n"` ‖ mesh id (32) ‖ number (8) ‖ the pulse as it
/// is encoded.
///
/// @param number greater than in every word before
/// @param signature 64 bytes, in hexadecimal digits
public record SignedPulse(long number, Pulse pulse, String signature) implements Rumor {
  public static final String KEY = "pulse";

  private static final byte[] CONTEXT = "skein pulse 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_BYTES = 256;

  /// A node's word in its mesh.
  public static SignedPulse of(SigningKey key, Hash meshId, long number, Pulse pulse) {
    byte[] signature = key.sign(message(meshId, number, pulse));
    return new SignedPulse(number, pulse, HexFormat.of().formatHex(signature));
  }

  /// Whether it is the word of that key's holder in that mesh.
  public boolean verifies(PublicKey key, Hash meshId) {
    return key.verifies(message(meshId, number, pulse), HexFormat.of().parseHex(signature));
  }

  private static byte[] message(Hash meshId, long number, Pulse pulse) {
    byte[] said = pulse.encode();
    return ByteBuffer.allocate(CONTEXT.length + Hash.BYTES + Long.BYTES + said.length)
        .put(CONTEXT)
        .put(meshId.toBytes())
        .putLong(number)
        .put(said)
        .array();
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    return Versioned.array(4)
        .integer(number)
        .bytes(pulse.encode())
        .bytes(HexFormat.of().parseHex(signature))
        .toBytes();
  }

  public static Optional<SignedPulse> decode(byte[] bytes) {
    return Versioned.read(
            bytes,
            4,
            in -> {
              long number = in.integer(0, Long.MAX_VALUE);
              Optional<Pulse> pulse = Pulse.decode(in.bytes(MOST_BYTES));
              String signature = HexFormat.of().formatHex(in.bytes(PublicKey.SIGNATURE_BYTES));
              return pulse.map(said -> new SignedPulse(number, said, signature));
            })
        .flatMap(said -> said)
        .filter(said -> said.signature().length() == 2 * PublicKey.SIGNATURE_BYTES);
  }
}
