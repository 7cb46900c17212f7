package io.skein.ledger.witness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Unverified;
import io.skein.ledger.note.CheckpointNote;
import io.skein.ledger.note.NoteException;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NotaryTest {
  @Test
  void aRecordIsCoveredInThirtySecondsAndWitnessedTenLater() throws NoteException {
    Town town = new Town(7);
    town.run(60);
    SignedRecord record = town.houses.get(3).write();
    town.spread();
    town.run(29);
    assertTrue(
        town.houses
            .getFirst()
            .notary
            .checkpoints()
            .coverage(record.feed(), record.seq())
            .isEmpty());
    town.run(12);
    for (Town.House house : town.houses) {
      Coverage coverage = house.coverage(record);
      assertEquals(Witnesses.COUNT, coverage.count());
      assertTrue(coverage.witnessed());
      assertTrue(coverage.statement().size() >= record.seq());
      Hash mesh = house.ledger.meshId();
      CheckpointNote note = coverage.note(mesh, house.ledger.roster()::keyOf).orElseThrow();
      CheckpointNote first =
          town.houses
              .getFirst()
              .coverage(record)
              .note(mesh, house.ledger.roster()::keyOf)
              .orElseThrow();
      assertArrayEquals(first.encoded(), note.encoded());
      assertTrue(CheckpointNote.parse(note.encoded()).signedBy(town.houses.get(3).key.publicKey()));
      assertEquals(List.of(), house.alarms);
    }
  }

  @Test
  void nothingIsSignedNorProvenWhileSignaturesAreToBeVerified() {
    Town town = new Town(4);
    town.run(60);
    Town.House author = town.houses.get(1);
    Town.House reader = town.houses.get(2);
    SignedRecord record = author.write();
    reader.ledger.vouch(record, author.key.publicKey());
    reader.ledger.commit();
    assertEquals(1, reader.ledger.openSignatures().count());
    reader.write();
    town.nowMillis += 120_000;
    assertEquals(List.of(), reader.notary.due(town.nowMillis, () -> reader.repRoot));
    author.second();
    SignedRecord checkpoint = author.ledger.page(record.feed(), record.seq() + 1, 1).getFirst();
    assertInstanceOf(Body.Checkpoint.class, checkpoint.body());
    reader.ledger.accept(checkpoint.encoded());
    reader.ledger.commit();
    RecordProofs proofs =
        new RecordProofs(
            reader.ledger, new LedgerFacts(reader.ledger), reader.notary.checkpoints());
    assertTrue(proofs.of(record).isEmpty());
    Unverified left = reader.ledger.openSignatures().some(100).orElseThrow();
    assertEquals(2, left.records().size());
    reader.ledger.openSignatures().verified(left, 2);
    assertEquals(0, reader.ledger.openSignatures().count());
    assertTrue(proofs.of(record).isPresent());
    assertFalse(reader.notary.due(town.nowMillis, () -> reader.repRoot).isEmpty());
  }

  @Test
  void anIdleMeshFallsSilent() {
    Town town = new Town(5);
    town.run(60);
    long records = town.houses.getFirst().ledger.recordCount();
    town.run(100);
    assertEquals(records, town.houses.getFirst().ledger.recordCount());
    for (Town.House house : town.houses) {
      // One for what it began with; cosignatures in a few records.
      assertEquals(1, house.count(Body.Checkpoint.class));
      assertTrue(house.count(Body.Cosign.class) <= 4);
    }
  }

  @Test
  void aThousandRecordsAreNotKeptWaiting() {
    Town town = new Town(4);
    town.run(60);
    Town.House house = town.houses.get(1);
    SignedRecord record = house.write();
    for (int i = 1; i < Checkpointer.MAX_RECORDS; i++) {
      house.ledger.append(new Body.Performance(i, List.of(), List.of()));
    }
    house.ledger.commit();
    town.run(1);
    assertTrue(house.coverage(record).statement().size() >= record.seq());
  }

  @Test
  void aRestartedNodeKnowsWhatItSignedAndWhatIsCovered() {
    Town town = new Town(6);
    SignedRecord record = town.houses.get(2).write();
    town.run(60);
    Town.House before = town.houses.get(4);
    Town.House again = before.restarted();
    assertEquals(before.coverage(record), again.coverage(record));
    town.nowMillis += 60_000;
    assertEquals(List.of(), again.notary.due(town.nowMillis, () -> again.repRoot));
  }

  @Test
  void equalRecordsWithOtherReputationsRaiseAnAlarm() {
    Town town = new Town(4);
    town.run(60);
    Town.House liar = town.houses.get(2);
    liar.repRoot = Hash.parse("ab".repeat(4) + "cd".repeat(28));
    SignedRecord record = liar.write();
    town.spread();
    Town.House honest = town.houses.getFirst();
    town.nowMillis += 31_000;
    honest
        .notary
        .checkpoints()
        .computed(honest.ledger.headsRoot(), honest.repRoot, honest.ledger.self(), record.hlc());
    liar.second();
    town.spread();
    Alarm.ReputationDiffers alarm =
        assertInstanceOf(Alarm.ReputationDiffers.class, honest.alarms.getLast());
    assertEquals(liar.ledger.self(), alarm.subject());
    assertEquals(1L, honest.notary.checkpoints().alarmCounts().get("reputation-differs"));
  }

  @Test
  void reputationsByOtherRulesAreNotCompared() {
    Town town = new Town(4);
    town.run(60);
    town.houses.get(2).repRoot = Hash.parse("cd".repeat(32));
    town.run(90);
    for (Town.House house : town.houses) {
      assertEquals(List.of(), house.alarms);
    }
  }

  @Test
  void aWrongRootNoteOrCountOfWhatStaysIsNamedAndNeverWitnessed() {
    Town town = new Town(5);
    town.run(60);
    Town.House liar = town.houses.get(1);
    FeedId feed = liar.ledger.ownFeed();
    long size = liar.ledger.acceptedSeq(feed);
    Hash wrong = Hash.parse("ee".repeat(32));
    Hash mesh = liar.ledger.meshId();
    SignedRecord one =
        liar.ledger.append(
            new Body.Checkpoint(
                size,
                wrong,
                wrong,
                wrong,
                1,
                wrong,
                TreeHead.of(mesh, feed, size, wrong).sign(liar.key)));
    liar.ledger.commit();
    Hash root = liar.ledger.treeRoot(feed).orElseThrow();
    KeptRecords kept = KeptRecords.of(liar.ledger.page(feed, 1, Integer.MAX_VALUE));
    SignedRecord two =
        liar.ledger.append(
            new Body.Checkpoint(
                size + 1, root, wrong, wrong, kept.count(), kept.root(), new byte[64]));
    liar.ledger.commit();
    Hash next = liar.ledger.treeRoot(feed).orElseThrow();
    byte[] note = TreeHead.of(mesh, feed, size + 2, next).sign(liar.key);
    SignedRecord three =
        liar.ledger.append(
            new Body.Checkpoint(size + 2, next, wrong, wrong, kept.count() + 1, kept.root(), note));
    liar.ledger.commit();
    town.run(30);
    for (Town.House house : town.houses) {
      assertEquals(
          List.of(new Alarm.WrongRoot(one, house.alarms.isEmpty() ? wrong : held(house))),
          house.alarms.stream().filter(Alarm.WrongRoot.class::isInstance).toList());
      assertTrue(house.alarms.contains(new Alarm.WrongNote(two)));
      assertEquals(
          List.of(new Alarm.WrongKept(three, kept)),
          house.alarms.stream().filter(Alarm.WrongKept.class::isInstance).toList());
      assertTrue(house.notary.checkpoints().coverage(feed, size + 1).isEmpty());
      assertFalse(
          cosignatures(house).stream()
              .anyMatch(each -> each.feed().equals(feed) && each.size() >= size));
    }
  }

  private static Hash held(Town.House house) {
    return house.alarms.stream()
        .filter(Alarm.WrongRoot.class::isInstance)
        .map(alarm -> ((Alarm.WrongRoot) alarm).held())
        .findFirst()
        .orElseThrow();
  }

  private static List<Cosignature> cosignatures(Town.House house) {
    return house.ledger.page(house.ledger.ownFeed(), 1, Integer.MAX_VALUE).stream()
        .filter(record -> record.body() instanceof Body.Cosign)
        .flatMap(record -> ((Body.Cosign) record.body()).cosignatures().stream())
        .toList();
  }

  @Test
  void aCosignatureUnderAnotherRootShowsThatSomebodySawAnotherFeed() {
    Town town = new Town(4);
    SignedRecord record = town.houses.get(1).write();
    town.run(60);
    Town.House witness = town.houses.get(2);
    Coverage coverage = witness.coverage(record);
    Hash mesh = witness.ledger.meshId();
    long size = coverage.statement().size();
    Hash other = Hash.parse("dd".repeat(32));
    TreeHead seen = TreeHead.of(mesh, record.feed(), size, other);
    witness.ledger.append(new Body.Cosign(List.of(seen.cosign(witness.key, 1))));
    // A forged one accuses nobody.
    TreeHead forged = TreeHead.of(mesh, record.feed(), size, Hash.parse("aa".repeat(32)));
    witness.ledger.append(new Body.Cosign(List.of(forged.cosign(town.invite, 1))));
    witness.ledger.commit();
    town.run(2);
    for (Town.House house : town.houses) {
      Alarm.SplitView alarm = assertInstanceOf(Alarm.SplitView.class, house.alarms.getFirst());
      assertEquals(1, house.alarms.size());
      assertEquals(other, alarm.seen());
      assertEquals(coverage.statement().root(), alarm.held());
      assertEquals(record.author(), alarm.subject());
    }
  }

  @Test
  void aCosignatureThatComesBeforeItsCheckpointIsKept() {
    Town town = new Town(4);
    SignedRecord record = town.houses.get(1).write();
    town.run(60);
    Town.House late = town.join();
    // The witnesses' feeds first, then the one they witness.
    for (int i : new int[] {0, 2, 3, 1}) {
      Ledger from = town.houses.get(i).ledger;
      from.page(from.ownFeed(), 1, Integer.MAX_VALUE)
          .forEach(one -> late.ledger.accept(one.encoded()));
      late.ledger.commit();
    }
    assertEquals(3, late.coverage(record).count());
  }

  @Test
  void aMemberAndItsGuestsAreOneWitnessOfFiveAndNoneOfTheirOwn() {
    Town town = new Town(6);
    town.run(60);
    Town.House bad = town.houses.get(3);
    SigningKey invite = town.invites(bad);
    List<Town.House> guests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      guests.add(town.join(invite));
    }
    town.spread();
    SignedRecord honest = town.houses.get(1).write();
    SignedRecord badOnes = bad.write();
    town.run(60);
    for (Town.House house : town.houses) {
      assertEquals(Witnesses.COUNT, house.coverage(honest).count());
      assertEquals(
          1,
          house.coverage(honest).cosignatures().keySet().stream()
              .filter(one -> one.equals(bad.ledger.self()) || isOneOf(guests, one))
              .count());
      assertTrue(
          house.coverage(badOnes).cosignatures().keySet().stream()
              .noneMatch(one -> isOneOf(guests, one)));
      assertTrue(house.coverage(badOnes).witnessed());
    }
  }

  private static boolean isOneOf(List<Town.House> houses, NodeId node) {
    return houses.stream().anyMatch(house -> house.ledger.self().equals(node));
  }

  @Test
  void nobodySignsAFrozenFeedOrARevokedAuthors() {
    Town town = new Town(5);
    town.run(60);
    Town.House revoked = town.houses.get(1);
    revoked.write();
    town.spread();
    town.houses.getFirst().ledger.append(new Body.Revoke(revoked.ledger.self(), "gone"));
    town.houses.getFirst().ledger.commit();
    town.spread();
    town.nowMillis += 40_000;
    revoked.second();
    long size = revoked.ledger.acceptedSeq(revoked.ledger.ownFeed());
    town.run(60);
    for (Town.House house : town.houses) {
      assertFalse(
          cosignatures(house).stream()
              .anyMatch(
                  each -> each.feed().equals(revoked.ledger.ownFeed()) && each.size() >= size - 1));
    }
  }
}
