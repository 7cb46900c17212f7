package io.skein.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.cli.json.Json;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.witness.LedgerFacts;
import io.skein.ledger.witness.Notary;
import io.skein.ledger.witness.RecordProofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `skein ledger prove` and `skein ledger verify --proof`.
final class ProofTest {
  private static final String UNCOVERED =
      "{\"title\":\"Not covered yet\",\"status\":404,\"detail\":\"no checkpoint yet\","
          + "\"code\":\"not-covered\"}";

  @TempDir private Path folder;
  private final SigningKey key = SigningKey.generate(new SplittableRandom(3));
  private final Map<String, Json> members = new LinkedHashMap<>();
  private String mesh = "";
  private String hash = "";

  @BeforeEach
  void prove() {
    SplittableRandom random = new SplittableRandom(4);
    HybridClock clock = new HybridClock(() -> 1_700_000_000_000L);
    Ledger ledger =
        Ledger.found(new MemoryStore(), key, "demo", new byte[16], 2_000, "eu-1", clock, random);
    LedgerFacts facts = new LedgerFacts(ledger);
    Notary notary = new Notary(ledger, facts, key, _ -> {});
    ledger.listen(record -> notary.apply(record, 0));
    SignedRecord record = ledger.append(new Body.Performance(1, List.of(), List.of()));
    ledger.commit();
    notary.due(60_000, () -> Hash.ZERO).forEach(ledger::append);
    ledger.commit();
    RecordProof proof =
        new RecordProofs(ledger, facts, notary.checkpoints()).of(record).orElseThrow();
    mesh = proof.meshId().toString();
    hash = record.hash().toString();
    members.put("format", Json.of("skein-record-proof-1"));
    members.put("meshId", Json.of(mesh));
    members.put("seq", Json.of(2));
    members.put("record", Json.of(base64(proof.record())));
    members.put("index", Json.of(proof.inclusion().index()));
    members.put("size", Json.of(proof.inclusion().size()));
    members.put(
        "hashes", Json.texts(proof.inclusion().hashes().stream().map(Hash::toString).toList()));
    members.put("checkpoint", Json.of(new String(proof.checkpoint(), StandardCharsets.UTF_8)));
    members.put(
        "admission", Json.texts(proof.admission().stream().map(ProofTest::base64).toList()));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private String file() throws IOException {
    return Files.writeString(folder.resolve("proof.json"), Json.of(members).compact()).toString();
  }

  @Test
  void aProofIsVerifiedWithoutANode() throws IOException {
    Ran ran = run("ledger", "verify", "--proof", file(), "--mesh", mesh);
    assertEquals(ExitCode.OK, ran.code(), ran.err());
    assertTrue(ran.out().startsWith("valid: performance " + hash + " is record 2"), ran.out());
    assertEquals("", ran.err());
    String founder = key.publicKey().toString();
    assertEquals(ExitCode.OK, run("ledger", "verify", "--proof", file(), "--key", founder).code());
    Ran untrusted = run("ledger", "verify", "--proof", file(), "-o", "json");
    assertEquals(ExitCode.OK, untrusted.code());
    assertTrue(untrusted.out().contains("\"valid\":true"), untrusted.out());
    assertTrue(untrusted.err().contains("--mesh ID"), untrusted.err());
  }

  @Test
  void aFailureNamesItsStep() throws IOException {
    String other = "00".repeat(32);
    Ran ran = run("ledger", "verify", "--proof", file(), "--mesh", other);
    assertEquals(ExitCode.NO, ran.code());
    assertTrue(ran.out().startsWith("INVALID at mesh: "), ran.out());
    assertStep("witnesses", "--witnesses", "1");
    members.put("hashes", Json.texts(List.of(other)));
    assertStep("inclusion");
    members.put("checkpoint", Json.of("nothing"));
    assertStep("checkpoint");
    members.put("record", Json.of(members).get("admission").items().getFirst());
    members.put("index", Json.of(0));
    assertStep("checkpoint");
    members.put("record", Json.of("AAAA"));
    assertStep("record");
    members.put("admission", Json.texts(List.of()));
    assertStep("mesh");
  }

  private void assertStep(String step, String... more) throws IOException {
    String[] args = new String[4 + more.length];
    System.arraycopy(new String[] {"ledger", "verify", "--proof", file()}, 0, args, 0, 4);
    System.arraycopy(more, 0, args, 4, more.length);
    Ran ran = run(args);
    assertEquals(ExitCode.NO, ran.code());
    assertTrue(ran.out().startsWith("INVALID at " + step + ": "), ran.out() + ran.err());
  }

  @Test
  void whatIsNoProofIsRefusedInWords() throws IOException {
    for (String text : List.of("", "[]", "{}", "{\"format\":\"skein-record-proof-1\"}", "\u0000")) {
      String name = Files.writeString(folder.resolve("other.json"), text).toString();
      Ran ran = run("ledger", "verify", "--proof", name);
      assertEquals(ExitCode.NO, ran.code(), text);
      assertTrue(ran.err().contains("is no proof"), ran.err());
    }
    String missing = folder.resolve("missing.json").toString();
    assertEquals(ExitCode.USAGE, run("ledger", "verify", "--proof", missing).code());
    assertEquals(ExitCode.USAGE, run("ledger", "verify", "--proof", file(), "--key", "xx").code());
    assertEquals(ExitCode.USAGE, run("ledger", "verify", "--proof", file(), "--mesh", "xx").code());
  }

  @Test
  void provingWaitsForACheckpoint() throws IOException {
    String path = "GET /v1/ledger/proofs/inclusion?hash=" + hash;
    try (FakeNode node = new FakeNode()) {
      node.on(path, 404, UNCOVERED).on(path, 404, UNCOVERED);
      Ran refused = run("ledger", "prove", hash, "--api", node.url());
      assertEquals(ExitCode.NO, refused.code());
      assertTrue(refused.err().contains("--wait"), refused.err());
      node.on(path, 200, Json.of(members).compact());
      Ran ran = run("ledger", "prove", hash, "--wait", "--api", node.url());
      assertEquals(ExitCode.OK, ran.code(), ran.err());
      String name = Files.writeString(folder.resolve("proved.json"), ran.out()).toString();
      assertEquals(ExitCode.OK, run("ledger", "verify", "--proof", name).code());
    }
    assertEquals(ExitCode.USAGE, run("ledger", "prove", "xyz").code());
  }

  private static Ran run(String... args) {
    return Ran.of(Map.of(), false, args);
  }
}
