package io.skein.ledger.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.proof.RecordProof.Trust;
import io.skein.ledger.receipt.Leaf;
import io.skein.ledger.receipt.ReceiptId;
import io.skein.ledger.receipt.ReceiptProof;
import io.skein.ledger.receipt.ReceiptProof.Judgement;
import io.skein.ledger.receipt.ReceiptProof.Step;
import io.skein.ledger.receipt.Receipts;
import io.skein.ledger.receipt.Receipts.Found;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ReceiptProofTest {
  private static final Town TOWN = new Town(2);
  private static final ReceiptId ID = new ReceiptId(40, 40);
  private static Found.Closed found;
  private static RecordProof record;
  private static RecordProof other;

  @BeforeAll
  static void settled() {
    Town.House house = TOWN.houses.get(1);
    Receipts receipts = new Receipts(1_000, 1 << 20);
    receipts.advance(0, 1_000);
    Leaf leaf = new Leaf();
    for (int i = 0; i < 50; i++) {
      receipts.add(leaf.write(i, i, i, "orders", 0, "orders/a", "", 3000, 200, 1, 1, 0, 0), i);
    }
    Body.Receipts body = receipts.advance(1, 1_000).getFirst();
    SignedRecord written = house.ledger.append(body);
    house.ledger.commit();
    SignedRecord ordinary = house.write();
    TOWN.run(45);
    RecordProofs proofs =
        new RecordProofs(house.ledger, new LedgerFacts(house.ledger), house.notary.checkpoints());
    record = proofs.of(written).orElseThrow();
    other = proofs.of(ordinary).orElseThrow();
    found = assertInstanceOf(Found.Closed.class, receipts.find(ID).orElseThrow());
  }

  private static Trust trust() {
    return new Trust(Optional.of(TOWN.houses.getFirst().ledger.meshId()), Optional.empty(), 0);
  }

  private static Step failure(byte[] leaf, InclusionProof proof, RecordProof record) {
    return assertInstanceOf(
            Judgement.Failed.class, new ReceiptProof(leaf, proof, record).judge(ID, trust()))
        .step();
  }

  @Test
  void leadsFromTheLeafToTheSignature() {
    Judgement.Proven proven =
        assertInstanceOf(
            Judgement.Proven.class,
            new ReceiptProof(found.leaf(), found.proof(), record).judge(ID, trust()));
    assertEquals(40, proven.receipt().startMicros());
    assertEquals(50, proven.body().count());
    assertEquals(TOWN.houses.get(1).key.nodeId(), proven.record().record().author());
  }

  @Test
  void everyChangedBitIsRefused() {
    byte[] leaf = found.leaf();
    for (int bit = 0; bit < 8 * leaf.length; bit++) {
      byte[] changed = leaf.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertNotEquals(Step.RECORD, failure(changed, found.proof(), record));
    }
    InclusionProof proof = found.proof();
    for (int i = 0; i < proof.hashes().size(); i++) {
      List<Hash> hashes = new ArrayList<>(proof.hashes());
      hashes.set(i, Hash.parse("01".repeat(32)));
      assertEquals(
          Step.INCLUSION,
          failure(leaf, new InclusionProof(proof.index(), proof.size(), hashes), record));
    }
    assertEquals(
        Step.INCLUSION,
        failure(leaf, new InclusionProof(proof.index() + 1, proof.size(), proof.hashes()), record));
    assertEquals(
        Step.ROOT,
        failure(leaf, new InclusionProof(proof.index(), proof.size() + 1, proof.hashes()), record));
    assertEquals(Step.ROOT, failure(leaf, proof, other));
    assertEquals(Step.LEAF, failure(new byte[0], proof, record));
    Judgement.Failed another =
        assertInstanceOf(
            Judgement.Failed.class,
            new ReceiptProof(leaf, proof, record).judge(new ReceiptId(41, 41), trust()));
    assertEquals(Step.LEAF, another.step());
    Judgement.Failed elsewhere =
        assertInstanceOf(
            Judgement.Failed.class,
            new ReceiptProof(leaf, proof, record)
                .judge(
                    ID, new Trust(Optional.of(Hash.parse("02".repeat(32))), Optional.empty(), 0)));
    assertEquals(Step.RECORD, elsewhere.step());
  }
}
