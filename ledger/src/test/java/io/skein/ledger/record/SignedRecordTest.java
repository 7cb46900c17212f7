package io.skein.ledger.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SignedRecordTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);
  private static final Hash MESH = Hash.parse("11".repeat(32));
  private static final Hash PREV = Hash.parse("22".repeat(32));

  /// Every byte before the signature, written out by hand from RFC 8949 and RFC 9052.
  @Test
  void encodesAsTheFormatSays() throws Exception {
    SignedRecord record =
        SignedRecord.sign(
            KEY,
            MESH,
            0x1_0000_0002L,
            24,
            PREV,
            0x0102_0304_0506L,
            new Body.Revoke(KEY.nodeId(), "x"));
    String author = HEX.formatHex(KEY.nodeId().toBytes());
    String payload =
        "89"
            + "01"
            + "5820"
            + "11".repeat(32)
            + "50"
            + author
            + "1b0000000100000002"
            + "1818"
            + "5820"
            + "22".repeat(32)
            + "1b0000010203040506"
            + "05"
            + "82"
            + "50"
            + author
            + "6178";
    String payloadItem = "58" + HEX.toHexDigits((byte) (payload.length() / 2)) + payload;
    assertEquals(
        "d28443a10127a0" + payloadItem + "5840" + HEX.formatHex(record.signature()),
        HEX.formatHex(record.encoded()));

    String signed =
        "846a"
            + HEX.formatHex("Signature1".getBytes(StandardCharsets.US_ASCII))
            + "43a10127"
            + "40"
            + payloadItem;
    assertEquals(
        HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(HEX.parseHex("00" + signed))),
        record.hash().toString());
    assertTrue(verifiesByTheJdk(HEX.parseHex(signed), record.signature()));
  }

  @Test
  void genesisIsItsMeshesId() {
    SignedRecord genesis = genesis("a");
    assertEquals(Hash.ZERO, genesis.meshId());
    assertTrue(genesis.isOf(genesis.hash()));
    assertFalse(genesis.isOf(genesis("b").hash()));
    SignedRecord other = sign(MESH, 1, Hash.ZERO, 0, new Body.Epoch(KEY.publicKey(), 0));
    assertTrue(other.isOf(MESH));
    assertFalse(other.isOf(PREV));
  }

  @Test
  void signingTheSameTwiceGivesTheSameHash() {
    assertEquals(genesis("a"), genesis("a"));
    assertNotEquals(genesis("a").hash(), genesis("b").hash());
  }

  @Test
  void refusesToSignWhatIsNotWellFormed() {
    Body epoch = new Body.Epoch(KEY.publicKey(), 0);
    Body revoke = new Body.Revoke(KEY.nodeId(), "");
    Body another = new Body.Epoch(SigningKey.generate(new SplittableRandom(1)).publicKey(), 0);
    Body genesis = genesis("a").body();
    assertThrows(IllegalArgumentException.class, () -> sign(MESH, 0, Hash.ZERO, 0, epoch));
    assertThrows(IllegalArgumentException.class, () -> sign(MESH, 1, PREV, 0, epoch));
    assertThrows(IllegalArgumentException.class, () -> sign(MESH, 2, Hash.ZERO, 0, revoke));
    assertThrows(IllegalArgumentException.class, () -> sign(MESH, 1, Hash.ZERO, -1, epoch));
    assertThrows(IllegalArgumentException.class, () -> sign(Hash.ZERO, 1, Hash.ZERO, 0, epoch));
    assertThrows(IllegalArgumentException.class, () -> sign(MESH, 1, Hash.ZERO, 0, another));
    assertThrows(IllegalArgumentException.class, () -> sign(MESH, 1, Hash.ZERO, 0, genesis));
    assertThrows(IllegalArgumentException.class, () -> sign(Hash.ZERO, 2, PREV, 0, genesis));
  }

  @Test
  void boundsARecordsLength() {
    List<EndpointOutcome> outcomes = new ArrayList<>();
    while (outcomes.size() < 320) {
      outcomes.add(new EndpointOutcome("e".repeat(90), 1, 1, 1, 1));
    }
    SignedRecord large = sign(MESH, 1, Hash.ZERO, 0, new Body.Performance(1, outcomes, List.of()));
    assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(large.encoded()));
    outcomes.addAll(List.copyOf(outcomes));
    Body tooLarge = new Body.Performance(1, outcomes, List.of());
    assertThrows(IllegalArgumentException.class, () -> sign(MESH, 1, Hash.ZERO, 0, tooLarge));
    assertInstanceOf(Decoded.Malformed.class, SignedRecord.decode(new byte[1 << 20]));
  }

  @Test
  void carriesABodyOfANewerVersionUnchanged() {
    byte[] content = new CborWriter().array(2).text("new").array(1).bool(true).toBytes();
    SignedRecord record = sign(MESH, 1, Hash.ZERO, 0, new Body.Reserved(99, content));
    var valid = assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(record.encoded()));
    assertEquals(record, valid.record());
    assertEquals("type-99", valid.record().body().typeName());
    assertTrue(valid.record().verifies(KEY.publicKey()));
  }

  @Test
  void aSignatureCountsOnlyForItsKeysIdentity() {
    NodeId victim = new NodeId(1, 2);
    SignedRecord record = sign(MESH, 1, Hash.ZERO, 0, new Body.Revoke(victim, ""));
    // Author's place: prefix 7, payload's head 2, array 1, version 1, mesh id 2 + 32, head 1.
    byte[] encoded = record.encoded();
    System.arraycopy(victim.toBytes(), 0, encoded, 46, NodeId.BYTES);
    byte[] signature = KEY.sign(Envelope.signedStructure(encoded));
    System.arraycopy(signature, 0, encoded, encoded.length - 64, 64);
    var valid = assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(encoded));
    assertEquals(victim, valid.record().author());
    assertFalse(valid.record().verifies(KEY.publicKey()));
  }

  @Test
  void keepsItsBytesToItself() {
    SignedRecord record = genesis("a");
    record.encoded()[20] ^= 1;
    record.signature()[0] ^= 1;
    assertTrue(record.verifies(KEY.publicKey()));
    byte[] received = record.encoded();
    var valid = assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(received));
    received[received.length - 1] ^= 1;
    assertTrue(valid.record().verifies(KEY.publicKey()));
  }

  private static SignedRecord genesis(String name) {
    return sign(
        Hash.ZERO,
        1,
        Hash.ZERO,
        0,
        new Body.Genesis(name, new byte[16], 10_000, KEY.publicKey(), "n"));
  }

  private static SignedRecord sign(Hash mesh, long seq, Hash prev, long hlc, Body body) {
    return SignedRecord.sign(KEY, mesh, 1, seq, prev, hlc, body);
  }

  private static boolean verifiesByTheJdk(byte[] signed, byte[] signature) throws Exception {
    byte[] spki = HEX.parseHex("302a300506032b6570032100" + KEY.publicKey());
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
    verifier.update(signed);
    return verifier.verify(signature);
  }
}
