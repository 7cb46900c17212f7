package io.skein.ledger.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.InclusionProof;
import io.skein.ledger.proof.RecordProof;
import io.skein.ledger.proof.RecordProof.Judgement;
import io.skein.ledger.proof.RecordProof.Step;
import io.skein.ledger.proof.RecordProof.Trust;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RecordProofTest {
  private static final Town TOWN = new Town(6);
  private static final SignedRecord record = TOWN.houses.get(3).write();
  private static RecordProof proof;

  @BeforeAll
  static void settled() {
    for (int i = 0; i < 20; i++) {
      TOWN.houses.get(3).write();
    }
    TOWN.run(45);
    proof = proofs(TOWN.houses.getFirst()).of(record).orElseThrow();
  }

  private static RecordProofs proofs(Town.House house) {
    return new RecordProofs(
        house.ledger, new LedgerFacts(house.ledger), house.notary.checkpoints());
  }

  private static Trust mesh() {
    return new Trust(Optional.of(TOWN.houses.getFirst().ledger.meshId()), Optional.empty(), 0);
  }

  private static Trust key(SigningKey key, int witnesses) {
    return new Trust(Optional.empty(), Optional.of(key.publicKey()), witnesses);
  }

  private static Step failure(RecordProof proof, Trust trust) {
    Judgement.Failed failed = assertInstanceOf(Judgement.Failed.class, proof.judge(trust));
    assertTrue(failed.reason().length() > 10);
    return failed.step();
  }

  @Test
  void theMeshIdOrAKeyIsEnoughToBelieveIt() {
    for (Trust trust :
        List.of(
            mesh(),
            key(TOWN.houses.getFirst().key, 3),
            key(TOWN.houses.get(3).key, Witnesses.COUNT),
            new Trust(Optional.empty(), Optional.empty(), 0))) {
      Judgement.Proven proven = assertInstanceOf(Judgement.Proven.class, proof.judge(trust));
      assertEquals(record, proven.record());
      assertEquals(Witnesses.COUNT, proven.witnesses().size());
      assertEquals(Witnesses.COUNT, proven.branches());
      assertEquals("town", proven.mesh().name());
      assertTrue(proven.head().size() > record.seq());
    }
  }

  @Test
  void itTellsThatTheWitnessesAreOneMembersGuests() {
    Town town = new Town(2);
    SigningKey invite = town.invites(town.houses.get(1));
    for (int i = 0; i < 3; i++) {
      town.join(invite);
    }
    SignedRecord written = town.houses.getFirst().write();
    town.run(60);
    Judgement.Proven proven =
        assertInstanceOf(
            Judgement.Proven.class,
            proofs(town.houses.get(4))
                .of(written)
                .orElseThrow()
                .judge(key(town.houses.getFirst().key, 3)));
    assertEquals(4, proven.witnesses().size());
    assertEquals(1, proven.branches());
  }

  @Test
  void everyNodeGivesTheSameProof() {
    for (Town.House house : TOWN.houses) {
      RecordProof other = proofs(house).of(record).orElseThrow();
      assertEquals(proof.inclusion(), other.inclusion());
      assertEquals(new String(proof.checkpoint()), new String(other.checkpoint()));
    }
  }

  @Test
  void otherMeshesKeysAndTooFewWitnessesAreNotTrusted() {
    Hash other = Hash.parse("01".repeat(32));
    assertEquals(Step.MESH, failure(proof, new Trust(Optional.of(other), Optional.empty(), 0)));
    assertEquals(Step.MESH, failure(proof, key(TOWN.houses.get(4).key, 0)));
    assertEquals(Step.WITNESSES, failure(proof, key(TOWN.houses.getFirst().key, 6)));
  }

  @Test
  void withoutALinkTheChainOfAdmissionDoesNotHold() {
    List<byte[]> chain = proof.admission();
    for (int i = 0; i < chain.size(); i++) {
      List<byte[]> shorter = new ArrayList<>(chain);
      shorter.remove(i);
      Judgement judgement =
          new RecordProof(
                  proof.meshId(), proof.record(), proof.inclusion(), proof.checkpoint(), shorter)
              .judge(key(TOWN.houses.getFirst().key, Witnesses.COUNT));
      assertInstanceOf(Judgement.Failed.class, judgement);
    }
  }

  @Test
  void everyChangedByteIsRefused() {
    Trust trust = new Trust(mesh().meshId(), Optional.empty(), Witnesses.COUNT);
    List<byte[]> chain = proof.admission();
    byte[] encoded = proof.record();
    for (int at = 0; at < encoded.length; at++) {
      assertEquals(
          Step.class,
          failure(with(flip(encoded, at), proof.checkpoint(), chain), trust).getDeclaringClass());
    }
    byte[] note = proof.checkpoint();
    for (int at = 0; at < note.length; at++) {
      failure(with(encoded, flip(note, at), chain), trust);
    }
    for (int i = 0; i < chain.size(); i++) {
      for (int at = 0; at < chain.get(i).length; at += 3) {
        List<byte[]> changed = new ArrayList<>(chain);
        changed.set(i, flip(chain.get(i), at));
        failure(with(encoded, note, changed), trust);
      }
    }
    InclusionProof inclusion = proof.inclusion();
    for (int i = 0; i < inclusion.hashes().size(); i++) {
      List<Hash> hashes = new ArrayList<>(inclusion.hashes());
      hashes.set(i, Hash.of(flip(hashes.get(i).toBytes(), i)));
      assertEquals(
          Step.INCLUSION,
          failure(
              inclusion(new InclusionProof(inclusion.index(), inclusion.size(), hashes)), trust));
    }
    assertEquals(
        Step.RECORD,
        failure(
            inclusion(
                new InclusionProof(inclusion.index() + 1, inclusion.size(), inclusion.hashes())),
            trust));
    assertEquals(
        Step.INCLUSION,
        failure(
            inclusion(
                new InclusionProof(inclusion.index(), inclusion.size() + 1, inclusion.hashes())),
            trust));
  }

  @Test
  void aRecordWithoutACheckpointHasNoProofYet() {
    Town town = new Town(3);
    SignedRecord fresh = town.houses.get(1).write();
    town.spread();
    assertTrue(proofs(town.houses.getFirst()).of(fresh).isEmpty());
  }

  @Test
  void whatItKeepsOfAdmissionsIsNeverStale() {
    Town town = new Town(3);
    SignedRecord old = town.houses.get(1).write();
    RecordProofs kept = proofs(town.houses.getFirst());
    int first = 0;
    int last = 0;
    for (int second = 0; second < 90; second++) {
      if (second == 45) {
        town.houses.add(town.join());
        town.spread();
      }
      town.run(1);
      List<String> known = admission(kept, old);
      assertEquals(admission(proofs(town.houses.getFirst()), old), known);
      assertEquals(known, admission(kept, old));
      first = first == 0 ? known.size() : first;
      last = known.size();
    }
    assertTrue(last > first && first > 0, "the newcomer cosigned: " + first + " to " + last);
  }

  private static List<String> admission(RecordProofs proofs, SignedRecord of) {
    return proofs.of(of).stream()
        .flatMap(found -> found.admission().stream())
        .map(Base64.getEncoder()::encodeToString)
        .toList();
  }

  @Test
  void aRecordOfAnotherAuthorsFeedDoesNotFit() {
    SignedRecord other =
        TOWN.houses
            .getFirst()
            .ledger
            .page(TOWN.houses.get(2).ledger.ownFeed(), record.seq(), 1)
            .getFirst();
    PublicKey founder = TOWN.houses.getFirst().key.publicKey();
    Step step =
        failure(
            with(other.encoded(), proof.checkpoint(), proof.admission()),
            new Trust(Optional.empty(), Optional.of(founder), 0));
    assertEquals(Step.CHECKPOINT, step);
  }

  private static RecordProof with(byte[] encoded, byte[] note, List<byte[]> chain) {
    return new RecordProof(proof.meshId(), encoded, proof.inclusion(), note, chain);
  }

  private static RecordProof inclusion(InclusionProof inclusion) {
    return new RecordProof(
        proof.meshId(), proof.record(), inclusion, proof.checkpoint(), proof.admission());
  }

  private static byte[] flip(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) (1 << at % 7);
    return changed;
  }
}
