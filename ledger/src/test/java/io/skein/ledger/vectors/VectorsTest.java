package io.skein.ledger.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.admission.JoinToken;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.receipt.Receipt;
import io.skein.ledger.receipt.ReceiptProof;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncSamples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The vectors kept are what the code makes today, bit by bit, and what they must be.
///
/// A change that makes this test fail changes the format: other implementations and every log
/// written so far stop being readable. `Vectors.main` writes the files anew.
final class VectorsTest {
  private final Samples samples = new Samples();

  @TestFactory
  Stream<DynamicTest> everyFileIsReproducedBitByBit() throws Exception {
    return new Vectors()
        .files().entrySet().stream()
            .map(file ->
                DynamicTest.dynamicTest(
                    file.getKey(),
                    () ->
                        assertEquals(
                            file.getValue(),
                            Files.readString(Vectors.FOLDER.resolve(file.getKey())))));
  }

  @Test
  void everyRecordTypeOccurs() {
    TreeSet<Integer> types = new TreeSet<>();
    samples.records().values().forEach(record -> types.add(record.body().type()));
    for (int type = RecordType.GENESIS; type <= RecordType.EFFECT; type++) {
      assertTrue(types.contains(type), RecordType.nameOf(type));
    }
    assertTrue(types.contains(RecordType.CONTRACT), RecordType.nameOf(RecordType.CONTRACT));
    assertTrue(types.contains(RecordType.EXPERIMENT), RecordType.nameOf(RecordType.EXPERIMENT));
    for (Class<?> body : Samples.bodies()) {
      assertTrue(
          samples.records().values().stream().anyMatch(record -> body.isInstance(record.body())),
          body.getSimpleName());
    }
  }

  @Test
  void everyRecordIsReadVerifiedAndChained() {
    samples
        .records()
        .values()
        .forEach(record -> {
          var decoded =
              assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(record.encoded()));
          assertEquals(record, decoded.record());
          assertTrue(
              samples.keys.values().stream().anyMatch(key -> record.verifies(key.publicKey())));
        });
    List<SignedRecord> feed = samples.founderFeed();
    for (int i = 1; i < feed.size(); i++) {
      assertEquals(feed.get(i - 1).hash(), feed.get(i).prev());
      assertEquals(i + 1, feed.get(i).seq());
    }
  }

  @Test
  void theProofAndTheReceiptsInItHold() {
    RecordProof proof = new ProofVectors(samples).recordProof();
    RecordProof.Trust trust =
        new RecordProof.Trust(Optional.of(samples.meshId()), Optional.empty(), 1);
    assertInstanceOf(RecordProof.Judgement.Proven.class, proof.judge(trust));
    List<Hash> leaves =
        samples.receipts().stream().map(receipt -> ReceiptProof.hash(receipt.encode())).toList();
    for (int i = 0; i < leaves.size(); i++) {
      Receipt receipt = samples.receipts().get(i);
      InclusionProof inclusion = new InclusionProof(i, leaves.size(), Tree.inclusion(i, leaves));
      assertInstanceOf(
          ReceiptProof.Judgement.Proven.class,
          new ReceiptProof(receipt.encode(), inclusion, proof).judge(receipt.id(), trust));
    }
  }

  @TestFactory
  Stream<DynamicTest> everyRefusedInputIsRefusedForItsReason() {
    return Refused.all(samples).stream()
        .map(each -> (Map<?, ?>) each)
        .map(each ->
            DynamicTest.dynamicTest(
                each.get("reader") + ": " + each.get("name"), () -> refused(each)));
  }

  private void refused(Map<?, ?> refused) {
    byte[] input = HexFormat.of().parseHex(String.valueOf(refused.get("input")));
    String reason =
        switch (String.valueOf(refused.get("reader"))) {
          case "record" ->
              assertInstanceOf(Decoded.Malformed.class, SignedRecord.decode(input)).reason();
          case "sync" -> SyncSamples.refusal(samples.meshId(), input);
          case "token" ->
              assertInstanceOf(
                      JoinToken.Parsed.NotAToken.class,
                      JoinToken.parse(new String(input, StandardCharsets.US_ASCII)))
                  .reason();
          default -> throw new AssertionError(refused);
        };
    assertFalse(reason.isEmpty());
    assertTrue(reason.contains(String.valueOf(refused.get("says"))), reason);
  }

  @Test
  void aRecordUnderAnotherAlgorithmIsNamedByItAndNotTakenForGarbage() {
    byte[] encoded = samples.sample("revoke").encoded();
    assertEquals(-8, SignedRecord.algorithm(encoded).orElseThrow());
    encoded[5] = 0x26;
    assertEquals(-7, SignedRecord.algorithm(encoded).orElseThrow());
    var refused = assertInstanceOf(Decoded.Malformed.class, SignedRecord.decode(encoded));
    assertEquals("unknown algorithm -7 (expected: -8, EdDSA)", refused.reason());
    assertTrue(SignedRecord.algorithm(new byte[100]).isEmpty());
  }
}
