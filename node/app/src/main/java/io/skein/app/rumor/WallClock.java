package io.skein.app.rumor;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// What a node's wall clock shows, right or wrong, once a second. It moves others' time, so it is
/// signed, as pulses are: whoever passes it on can change none of it.
///
/// The signature is Ed25519 over `"skein clock 1\n"` ‖ mesh id (32) ‖ number (8) ‖ wallMillis (8).
///
/// @param number greater than in every word before
/// @param wallMillis Unix milliseconds
/// @param signature 64 bytes, in hexadecimal digits
public record WallClock(long number, long wallMillis, String signature) implements Rumor {
  public static final String KEY = "clock";

  private static final byte[] CONTEXT = "skein clock 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final long MOST_MILLIS = 1L << 52;

  /// A node's word in its mesh.
  public static WallClock of(SigningKey key, Hash meshId, long number, long wallMillis) {
    byte[] signature = key.sign(message(meshId, number, wallMillis));
    return new WallClock(number, wallMillis, HexFormat.of().formatHex(signature));
  }

  /// Whether it is the word of that key's holder in that mesh.
  public boolean verifies(PublicKey key, Hash meshId) {
    return key.verifies(message(meshId, number, wallMillis), HexFormat.of().parseHex(signature));
  }

  private static byte[] message(Hash meshId, long number, long wallMillis) {
    return ByteBuffer.allocate(CONTEXT.length + Hash.BYTES + 2 * Long.BYTES)
        .put(CONTEXT)
        .put(meshId.toBytes())
        .putLong(number)
        .putLong(wallMillis)
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
        .integer(wallMillis)
        .bytes(HexFormat.of().parseHex(signature))
        .toBytes();
  }

  public static Optional<WallClock> decode(byte[] bytes) {
    return Versioned.read(
            bytes,
            4,
            in ->
                new WallClock(
                    in.integer(0, Long.MAX_VALUE),
                    in.integer(0, MOST_MILLIS),
                    HexFormat.of().formatHex(in.bytes(PublicKey.SIGNATURE_BYTES))))
        .filter(it -> it.signature().length() == 2 * PublicKey.SIGNATURE_BYTES);
  }
}
