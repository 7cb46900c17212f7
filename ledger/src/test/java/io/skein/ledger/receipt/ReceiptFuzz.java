package io.skein.ledger.receipt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Leaves, names of receipts, and whole proofs of receipts from any bytes: a byte count of leaf,
/// index, size, count of hashes, and the hashes; what is left is the record.
public final class ReceiptFuzz {
  private ReceiptFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Optional<Receipt> receipt = Allocation.bounded(input, 64, () -> decode(input));
    if (receipt.isPresent()) {
      assertArrayEquals(input, receipt.get().encode());
      assertEquals(receipt.get(), Receipt.decode(receipt.get().encode()));
    }
    String text = new String(input, StandardCharsets.ISO_8859_1);
    ReceiptId.parse(text).ifPresent(id -> assertEquals(text, id.toString()));
    proof(input);
  }

  private static Optional<Receipt> decode(byte[] leaf) {
    try {
      return Optional.of(Receipt.decode(leaf));
    } catch (CborException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank());
      return Optional.empty();
    }
  }

  private static void proof(byte[] input) {
    ByteBuffer in = ByteBuffer.wrap(input);
    if (in.remaining() < 2 + 2 * Long.BYTES) {
      return;
    }
    byte[] leaf = new byte[Math.min(in.get() & 0xff, in.remaining() - 17)];
    in.get(leaf);
    long index = in.getLong();
    long size = in.getLong();
    List<Hash> hashes = new ArrayList<>();
    for (int left = in.get() & 0x7f; left > 0 && in.remaining() >= Hash.BYTES; left--) {
      byte[] hash = new byte[Hash.BYTES];
      in.get(hash);
      hashes.add(Hash.of(hash));
    }
    byte[] record = Arrays.copyOfRange(input, in.position(), input.length);
    InclusionProof inclusion;
    RecordProof proof;
    try {
      inclusion = new InclusionProof(index, size, hashes);
      proof = new RecordProof(Hash.ZERO, record, inclusion, record, List.of(record));
    } catch (IllegalArgumentException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank());
      return;
    }
    inclusion.proves(Hash.ZERO, Hash.ZERO);
    RecordProof.Trust trust = new RecordProof.Trust(Optional.empty(), Optional.empty(), 0);
    ReceiptId id = decode(leaf).map(Receipt::id).orElse(new ReceiptId(0, 0));
    assertFalse(
        new ReceiptProof(leaf, inclusion, proof).judge(id, trust)
            instanceof ReceiptProof.Judgement.Proven,
        "nobody signed it");
  }
}
