package io.skein.ledger.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The largest bodies that are taken, and the smallest that are not.
final class BodyBoundsTest {
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);
  private static final Hash MESH = filled(0x11);
  private static final Hash PREV = filled(0x22);
  private static final byte[] SIGNATURE = new byte[PublicKey.SIGNATURE_BYTES];

  @Test
  void takesAsManyCosignaturesAsThereMayBe() {
    roundTrip(new Body.Cosign(Collections.nCopies(Body.Cosign.MAX_COSIGNATURES, cosignature())));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Body.Cosign(Collections.nCopies(Body.Cosign.MAX_COSIGNATURES + 1, cosignature())));
    refuses(RecordType.COSIGN, new CborWriter().array(0).toBytes(), "cosignatures: 0");
    refuses(RecordType.COSIGN, cosignatures(Body.Cosign.MAX_COSIGNATURES + 1), "at most 128");
  }

  @Test
  void takesAsManyCutsAsThereMayBe() {
    roundTrip(new Body.Snapshot(cuts(Body.Snapshot.MAX_CUTS)));
    List<Cut> more = cuts(Body.Snapshot.MAX_CUTS + 1);
    assertThrows(IllegalArgumentException.class, () -> new Body.Snapshot(more));
    refuses(RecordType.SNAPSHOT, encoded(more), "at most 400");
  }

  @Test
  void takesCutsInOrderOnly() {
    List<Cut> cuts = cuts(3);
    refuses(RecordType.SNAPSHOT, encoded(cuts.reversed()), "not in order");
    refuses(RecordType.SNAPSHOT, encoded(List.of(cuts.get(0), cuts.get(0))), "two of one feed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void takesForkProofsInsideForkProofs(int nesting) {
    roundTrip(forkProof(nesting));
  }

  /// Whoever forks with what a record cannot hold is convicted all the same.
  @Test
  void refusesForkProofsTooDeepInsideForkProofs() {
    ForkProof deep = ForkProof.of(KEY.publicKey(), record(forkProof(4)), record(word(9)));
    assertTrue(deep.holds());
    assertFalse(deep.fits());
    assertThrows(IllegalArgumentException.class, () -> record(deep));
    refuses(RecordType.FORK_PROOF, encoded(deep), "fork-proofs at most 4 deep");
  }

  @Test
  void takesTheLongestRecordsIntoAForkProof() {
    ForkProof longest =
        ForkProof.of(KEY.publicKey(), record(ofBytes(32_000, 1)), record(ofBytes(32_000, 2)));
    assertTrue(longest.fits());
    roundTrip(longest);
    assertThrows(IllegalArgumentException.class, () -> record(ofBytes(32_001, 1)));
    assertTrue(record(longest).encodedLength() <= SignedRecord.MAX_BYTES);
    ForkProof longer = ForkProof.of(KEY.publicKey(), record(longest), record(ofBytes(32_000, 2)));
    assertTrue(longer.holds());
    assertFalse(longer.fits());
    assertThrows(IllegalArgumentException.class, () -> record(longer));
  }

  @Test
  void refusesAForkProofThatProvesNothing() {
    SignedRecord one = record(word(1));
    SignedRecord other = record(word(2));
    SignedRecord first = one.hash().compareTo(other.hash()) < 0 ? one : other;
    SignedRecord second = first == one ? other : one;
    refuses(RecordType.FORK_PROOF, pair(KEY.publicKey(), second, first), "not greater");
    refuses(RecordType.FORK_PROOF, pair(KEY.publicKey(), one, one), "not greater");
    PublicKey stranger = SigningKey.ofSeed(filled(7).toBytes()).publicKey();
    refuses(RecordType.FORK_PROOF, pair(stranger, first, second), "not the author's");
    SignedRecord elsewhere =
        SignedRecord.sign(KEY, MESH, 1, 3, PREV, 5, new Body.Revoke(KEY.nodeId(), ""));
    refuses(RecordType.FORK_PROOF, pair(KEY.publicKey(), first, elsewhere), "place");
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15})
  void bodiesOfUnknownTypesNestAsDeepAsTheLimit(int depth) {
    // The payload's own array is the first of the sixteen.
    CborWriter nested = new CborWriter();
    for (int i = 0; i < depth; i++) {
      nested.array(1);
    }
    roundTrip(new Body.Reserved(99, nested.integer(0).toBytes()));
  }

  @Test
  void bodiesOfUnknownTypesNestNoDeeper() {
    CborWriter nested = new CborWriter();
    for (int i = 0; i < 16; i++) {
      nested.array(1);
    }
    refuses(99, nested.integer(0).toBytes(), "deep");
  }

  @Test
  void bodiesHaveABoundedNumberOfItems() {
    CborWriter many = new CborWriter().array(16_384);
    for (int i = 0; i < 16_384; i++) {
      many.integer(0);
    }
    refuses(99, many.toBytes(), "items");
  }

  private static void roundTrip(Body body) {
    SignedRecord record = record(body);
    var decoded = assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(record.encoded()));
    assertEquals(body, decoded.record().body());
  }

  private static void refuses(int type, byte[] body, String reason) {
    byte[] payload =
        new CborWriter()
            .array(9)
            .integer(1)
            .bytes(MESH.toBytes())
            .bytes(KEY.nodeId().toBytes())
            .unsigned(1)
            .integer(2)
            .bytes(PREV.toBytes())
            .integer(5)
            .integer(type)
            .item(body)
            .toBytes();
    var refused =
        assertInstanceOf(
            Decoded.Malformed.class, SignedRecord.decode(Envelope.wrap(payload, SIGNATURE)));
    assertTrue(refused.reason().contains(reason), refused.reason());
  }

  private static SignedRecord record(Body body) {
    return SignedRecord.sign(KEY, MESH, 1, 2, PREV, 5, body);
  }

  /// Fork-proofs of that many one inside the other.
  private static ForkProof forkProof(int nesting) {
    Body inner = nesting == 1 ? word(0) : forkProof(nesting - 1);
    return ForkProof.of(KEY.publicKey(), record(inner), record(word(nesting)));
  }

  private static Body word(int number) {
    return new Body.Revoke(KEY.nodeId(), "word " + number);
  }

  /// A body that makes a record of that many bytes.
  private static Body ofBytes(int bytes, int first) {
    byte[] content = new byte[bytes - 200];
    content[0] = (byte) first;
    int around = record(new Body.Reserved(99, string(content))).encodedLength() - content.length;
    byte[] exact = new byte[bytes - around];
    exact[0] = (byte) first;
    return new Body.Reserved(99, string(exact));
  }

  private static byte[] string(byte[] content) {
    return new CborWriter().bytes(content).toBytes();
  }

  private static byte[] encoded(ForkProof proof) {
    return pair(proof.key(), proof.first(), proof.second());
  }

  private static byte[] pair(PublicKey key, SignedRecord first, SignedRecord second) {
    return new CborWriter()
        .array(3)
        .bytes(key.toBytes())
        .bytes(first.encoded())
        .bytes(second.encoded())
        .toBytes();
  }

  private static List<Cut> cuts(int count) {
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cuts.add(new Cut(new FeedId(new NodeId(-1, i), -1L), Long.MAX_VALUE - 1, filled(0x33)));
    }
    return cuts;
  }

  private static byte[] encoded(List<Cut> cuts) {
    CborWriter out = new CborWriter().array(cuts.size());
    for (Cut cut : cuts) {
      out.array(4)
          .bytes(cut.feed().author().toBytes())
          .unsigned(cut.feed().epoch())
          .integer(cut.size())
          .bytes(cut.root().toBytes());
    }
    return out.toBytes();
  }

  private static Cosignature cosignature() {
    return new Cosignature(
        new FeedId(new NodeId(-1, -1), -1L),
        Long.MAX_VALUE - 1,
        filled(0x44),
        Long.MAX_VALUE,
        SIGNATURE);
  }

  private static byte[] cosignatures(int count) {
    CborWriter out = new CborWriter().array(count);
    for (int i = 0; i < count; i++) {
      Cosignature each = cosignature();
      out.array(6)
          .bytes(each.feed().author().toBytes())
          .unsigned(each.feed().epoch())
          .integer(each.size())
          .bytes(each.root().toBytes())
          .integer(each.timeSeconds())
          .bytes(each.signature());
    }
    return out.toBytes();
  }

  private static Hash filled(int value) {
    byte[] bytes = new byte[Hash.BYTES];
    Arrays.fill(bytes, (byte) value);
    return Hash.of(bytes);
  }
}
