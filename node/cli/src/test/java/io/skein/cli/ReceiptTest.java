package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.cli.json.Json;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.receipt.Leaf;
import io.skein.ledger.receipt.ReceiptId;
import io.skein.ledger.receipt.Receipts;
import io.skein.ledger.receipt.Receipts.Found;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.witness.LedgerFacts;
import io.skein.ledger.witness.Notary;
import io.skein.ledger.witness.RecordProofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `skein receipt`.
final class ReceiptTest {
  private static final ReceiptId ID = new ReceiptId(12, 12);
  private static final String PATH = "GET /v1/receipts/" + ID;

  private final SigningKey key = SigningKey.generate(new SplittableRandom(3));
  private final Map<String, Json> receipt = new LinkedHashMap<>();
  private final Map<String, Json> proof = new LinkedHashMap<>();
  private FakeNode node;
  private String mesh = "";
  private String record = "";

  @BeforeEach
  void record() throws IOException {
    node = new FakeNode();
    Receipts receipts = new Receipts(1_000, 1 << 20);
    receipts.advance(0, 10_000);
    Leaf leaf = new Leaf();
    for (int i = 0; i < 21; i++) {
      receipts.add(leaf.write(i, i, i, "orders", 0, "orders/a", "", 3000, 200, 9, 1, 0, 7), i);
    }
    SplittableRandom random = new SplittableRandom(4);
    HybridClock clock = new HybridClock(() -> 1_700_000_000_000L);
    Ledger ledger =
        Ledger.found(new MemoryStore(), key, "demo", new byte[16], 2_000, "eu-1", clock, random);
    LedgerFacts facts = new LedgerFacts(ledger);
    Notary notary = new Notary(ledger, facts, key, _ -> {});
    ledger.listen(written -> notary.apply(written, 0));
    SignedRecord written = ledger.append(receipts.advance(1, 10_000).getFirst());
    ledger.commit();
    notary.due(60_000, () -> Hash.ZERO).forEach(ledger::append);
    ledger.commit();
    tellProof(new RecordProofs(ledger, facts, notary.checkpoints()).of(written).orElseThrow());
    record = written.hash().toString();
    if (receipts.find(ID).orElseThrow() instanceof Found.Closed closed) {
      tellReceipt(closed);
    }
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void tellReceipt(Found.Closed found) {
    receipt.put("id", Json.of(ID.toString()));
    receipt.put("state", Json.of("recorded"));
    receipt.put("start", Json.of("2026-07-01T12:00:00Z"));
    receipt.put("service", Json.of("orders"));
    receipt.put("method", Json.of("safe"));
    receipt.put("endpoint", Json.of("orders/a"));
    receipt.put("reason", Json.of("ok"));
    receipt.put("status", Json.of(200));
    receipt.put("leaf", Json.of(base64(found.leaf())));
    receipt.put("window", Json.of(0));
    receipt.put("index", Json.of(found.proof().index()));
    receipt.put("size", Json.of(found.proof().size()));
    receipt.put(
        "hashes", Json.texts(found.proof().hashes().stream().map(Hash::toString).toList()));
    receipt.put("root", Json.of(found.root().toString()));
    receipt.put("record", Json.of(record));
  }

  private void tellProof(RecordProof of) {
    mesh = of.meshId().toString();
    proof.put("format", Json.of("skein-record-proof-1"));
    proof.put("meshId", Json.of(mesh));
    proof.put("record", Json.of(base64(of.record())));
    proof.put("index", Json.of(of.inclusion().index()));
    proof.put("size", Json.of(of.inclusion().size()));
    proof.put("hashes", Json.texts(of.inclusion().hashes().stream().map(Hash::toString).toList()));
    proof.put("checkpoint", Json.of(new String(of.checkpoint(), StandardCharsets.UTF_8)));
    proof.put("admission", Json.texts(of.admission().stream().map(ReceiptTest::base64).toList()));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private Ran run(String... args) {
    return Ran.of(Map.of("SKEIN_API", node.url()), false, args);
  }

  private Ran verify(String... more) {
    node.on(PATH, 200, Json.of(receipt).compact());
    node.on(
        "GET /v1/ledger/proofs/inclusion?hash=" + record, 200, Json.of(proof).compact());
    String[] args = new String[3 + more.length];
    args[0] = "receipt";
    args[1] = ID.toString();
    args[2] = "--verify";
    System.arraycopy(more, 0, args, 3, more.length);
    return run(args);
  }

  @Test
  void showsWhatBecameOfARequest() {
    node.on(PATH, 200, Json.of(receipt).compact());
    Ran ran = run("receipt", ID.toString());
    assertEquals(ExitCode.OK, ran.code(), ran.err());
    assertTrue(ran.out().contains("served by:  orders/a"), ran.out());
    assertTrue(ran.out().contains("recorded, leaf 12 of 21 in window 0"), ran.out());
    Ran json = run("receipt", ID.toString(), "-o", "json");
    assertTrue(json.out().contains("\"endpoint\":\"orders/a\""), json.out());
  }

  @Test
  void verifiesDownToTheSignature() {
    Ran ran = verify("--mesh", mesh, "--key", key.publicKey().toString());
    assertEquals(ExitCode.OK, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().startsWith("valid: node " + key.nodeId()), ran.out());
    assertTrue(ran.out().contains("served by orders/a, outcome 3000, status 200"), ran.out());
    Ran json = verify("-o", "json");
    assertTrue(json.out().contains("\"valid\":true"), json.out());
    assertTrue(json.out().contains("\"size\":21"), json.out());
  }

  @Test
  void refusesAChangedLeaf() {
    byte[] leaf = Base64.getDecoder().decode(receipt.get("leaf").text(""));
    leaf[leaf.length - 1] ^= 1; // one byte more or less was sent
    receipt.put("leaf", Json.of(base64(leaf)));
    Ran ran = verify();
    assertEquals(ExitCode.NO, ran.code());
    assertTrue(ran.out().startsWith("INVALID at inclusion"), ran.out());
  }

  @Test
  void refusesAnotherReceiptAnotherMeshAndWhatIsNone() {
    assertEquals(ExitCode.NO, verify("--mesh", "0".repeat(64)).code());
    receipt.put("leaf", Json.of("AAAA"));
    assertTrue(new FakeNodeAgain().verify().out().startsWith("INVALID at leaf"));
    receipt.put("hashes", Json.texts(java.util.List.of("12")));
    Ran broken = new FakeNodeAgain().verify();
    assertEquals(ExitCode.NO, broken.code());
    assertTrue(broken.err().contains("the node's answer is no receipt"), broken.err());
  }

  /// A node that tells what the maps hold now.
  private final class FakeNodeAgain {
    Ran verify() {
      node.close();
      try {
        node = new FakeNode();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return ReceiptTest.this.verify();
    }
  }

  @Test
  void waitsUntilItIsRecordedIfToldTo() {
    Map<String, Json> open = new LinkedHashMap<>(receipt);
    open.put("state", Json.of("open"));
    node.on(PATH, 200, Json.of(open).compact());
    Ran now = run("receipt", ID.toString(), "--verify");
    assertEquals(ExitCode.NO, now.code());
    assertTrue(now.err().contains("its window has not ended"), now.err());
    assertEquals(ExitCode.OK, verify("--wait").code());
  }

  @Test
  void saysWhatIsMeantByAnId() {
    assertEquals(ExitCode.USAGE, run("receipt", "12").code());
    assertEquals(ExitCode.USAGE, run("receipt", ID.toString(), "--wait").code());
    node.on(
        PATH,
        404,
        "{\"title\":\"Unknown receipt\",\"status\":404,\"detail\":\"0 are kept\","
            + "\"code\":\"unknown-receipt\"}");
    Ran unknown = run("receipt", ID.toString());
    assertEquals(ExitCode.NO, unknown.code());
    assertTrue(unknown.err().contains("0 are kept"), unknown.err());
  }
}
