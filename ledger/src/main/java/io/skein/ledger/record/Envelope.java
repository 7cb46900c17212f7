package io.skein.ledger.record;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.PublicKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.OptionalLong;

/// COSE_Sign1 around a payload: the constant bytes and the structure that is signed (RFC 9052 §4.2,
/// §4.4).
final class Envelope {
  /// Tag 18, array of 4, protected header `{1: -8}` as a byte string, empty unprotected header.
  private static final byte[] PREFIX = {
    (byte) 0xd2, (byte) 0x84, 0x43, (byte) 0xa1, 0x01, 0x27, (byte) 0xa0
  };

  /// Array of 4, the text `Signature1`, the protected header, no external data.
  private static final byte[] SIGNED_PREFIX = signedPrefix();

  private static final byte[] SIGNATURE_HEAD = {0x58, PublicKey.SIGNATURE_BYTES};

  /// COSE's identifier of EdDSA (RFC 9053 §2.2), the one algorithm there is so far.
  static final long EDDSA = -8;

  private static final int MAX_HEADER_BYTES = 64;

  static final int PREFIX_BYTES = 7;

  static final int TAIL_BYTES = SIGNATURE_HEAD.length + PublicKey.SIGNATURE_BYTES;

  private Envelope() {}

  static byte[] wrap(byte[] payload, byte[] signature) {
    return new CborWriter(payload.length + PREFIX.length + TAIL_BYTES + 9)
        .item(PREFIX)
        .bytes(payload)
        .bytes(signature)
        .toBytes();
  }

  /// The algorithm that a record's protected header names, known or not: the header is a byte
  /// string that holds `{1: algorithm}` and nothing else. Empty if the bytes begin with no such
  /// header.
  static OptionalLong algorithm(byte[] encoded) {
    if (encoded.length < 2 || encoded[0] != PREFIX[0] || encoded[1] != PREFIX[1]) {
      return OptionalLong.empty();
    }
    try {
      int length = Math.min(encoded.length - 2, MAX_HEADER_BYTES);
      byte[] header = new CborReader(encoded, 2, length, CborLimits.RECORD).bytes(length);
      if (header.length < 3 || header[0] != PREFIX[3] || header[1] != PREFIX[4]) {
        return OptionalLong.empty();
      }
      CborReader in = new CborReader(header, 2, header.length - 2, CborLimits.RECORD);
      long algorithm = in.integer();
      in.end();
      return OptionalLong.of(algorithm);
    } catch (CborException _) {
      return OptionalLong.empty();
    }
  }

  static byte[] payload(byte[] encoded) throws CborException {
    if (encoded.length < PREFIX.length + 1 + TAIL_BYTES
        || !Arrays.equals(encoded, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
      OptionalLong algorithm = algorithm(encoded);
      throw new CborException(
          algorithm.isPresent() && algorithm.getAsLong() != EDDSA
              ? "unknown algorithm " + algorithm.getAsLong() + " (expected: " + EDDSA + ", EdDSA)"
              : "not a signed record");
    }
    CborReader in =
        new CborReader(encoded, PREFIX.length, encoded.length - PREFIX.length, CborLimits.RECORD);
    byte[] payload = in.bytes(SignedRecord.MAX_BYTES);
    in.bytesOf(PublicKey.SIGNATURE_BYTES);
    in.end();
    return payload;
  }

  /// The bytes that the author signs, taken from a record's encoding.
  static byte[] signedStructure(byte[] encoded) {
    int payloadItem = encoded.length - PREFIX.length - TAIL_BYTES;
    byte[] signed = Arrays.copyOf(SIGNED_PREFIX, SIGNED_PREFIX.length + payloadItem);
    System.arraycopy(encoded, PREFIX.length, signed, SIGNED_PREFIX.length, payloadItem);
    return signed;
  }

  /// Whether the constant bytes around the payload are there.
  static boolean framed(byte[] bytes, int offset, int length) {
    int tail = offset + length - TAIL_BYTES;
    return length > PREFIX_BYTES + TAIL_BYTES
        && Arrays.equals(bytes, offset, offset + PREFIX_BYTES, PREFIX, 0, PREFIX_BYTES)
        && bytes[tail] == SIGNATURE_HEAD[0]
        && bytes[tail + 1] == SIGNATURE_HEAD[1];
  }

  /// Adds to a digest what a record's hash is taken of; the payload's item is at `offset`.
  static void digestSigned(MessageDigest digest, byte[] bytes, int offset, int length) {
    digest.update((byte) 0);
    digest.update(SIGNED_PREFIX);
    digest.update(bytes, offset, length);
  }

  /// A record's hash, from its encoding.
  static Hash hash(byte[] encoded) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digestSigned(digest, encoded, PREFIX.length, encoded.length - PREFIX.length - TAIL_BYTES);
      return Hash.of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] signedPrefix() {
    byte[] context = "Signature1".getBytes(StandardCharsets.US_ASCII);
    byte[] prefix = new byte[2 + context.length + 4 + 1];
    prefix[0] = (byte) 0x84;
    prefix[1] = (byte) (0x60 | context.length);
    System.arraycopy(context, 0, prefix, 2, context.length);
    System.arraycopy(PREFIX, 2, prefix, 2 + context.length, 4);
    prefix[prefix.length - 1] = 0x40;
    return prefix;
  }
}
