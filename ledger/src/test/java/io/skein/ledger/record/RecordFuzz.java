package io.skein.ledger.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.util.Arrays;

/// Records from any bytes: as they are, as a payload in an envelope, and as a body behind a sound
/// header, since a change of length inside would otherwise always fail at the outermost head.
public final class RecordFuzz {
  private static final PublicKey KEY = SigningKey.ofSeed(new byte[32]).publicKey();
  private static final byte[] NO_SIGNATURE = new byte[PublicKey.SIGNATURE_BYTES];

  private RecordFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    decode(input);
    if (input.length < SignedRecord.MAX_BYTES) {
      decode(Envelope.wrap(input, NO_SIGNATURE));
    }
    if (input.length > 1 && input.length < SignedRecord.MAX_BYTES) {
      decode(Envelope.wrap(payload(input), NO_SIGNATURE));
    }
  }

  /// The first byte is the type, 31 that of contracts, 30 that of experiments; the rest is the
  /// body.
  private static byte[] payload(byte[] input) {
    int said = input[0] & 0x1f;
    int type = said == 31 ? RecordType.CONTRACT : said == 30 ? RecordType.EXPERIMENT : said;
    boolean genesis = type == RecordType.GENESIS;
    byte[] hash = new byte[Hash.BYTES];
    hash[0] = 1;
    return new CborWriter()
        .array(9)
        .integer(1)
        .bytes(genesis ? new byte[Hash.BYTES] : hash)
        .bytes(KEY.nodeId().toBytes())
        .unsigned(1)
        .integer(genesis ? 1 : 2)
        .bytes(genesis ? new byte[Hash.BYTES] : hash)
        .integer(3)
        .integer(type)
        .item(Arrays.copyOfRange(input, 1, input.length))
        .toBytes();
  }

  private static void decode(byte[] bytes) throws Exception {
    RecordOutline outline = new RecordOutline();
    boolean outlined = outline.read(bytes, 0, bytes.length);
    switch (Allocation.bounded(bytes, 128, () -> SignedRecord.decode(bytes))) {
      case Decoded.Malformed(String reason) -> assertFalse(reason.isBlank());
      case Decoded.Valid(SignedRecord record) -> {
        assertArrayEquals(bytes, record.encoded());
        if (!(SignedRecord.decode(bytes) instanceof Decoded.Valid(SignedRecord again))) {
          throw new AssertionError("accepted once, refused the second time");
        }
        assertEquals(record, again);
        assertEquals(record.body(), again.body());
        assertEquals(record.hash(), again.hash());
        assertFalse(record.toString().isBlank());
        assertTrue(outlined);
        assertArrayEquals(record.hash().toBytes(), outline.hash());
        assertEquals(record.seq(), outline.seq());
        assertEquals(record.hlc(), outline.hlc());
        assertEquals(record.body().type(), outline.type());
        assertTrue(outline.isOf(record.feed()));
        assertTrue(outline.follows(record.prev().toBytes()));
        record.verifies(KEY);
        if (record.body() instanceof ForkProof proof) {
          proof.holds();
        }
      }
    }
  }
}
