package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Nodes.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An author with a long feed, a reader that had none of it, and others that pass it on.
class ArrearsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int RECORDS = 300;
  private static final long SPOILED = 150;

  private final Nodes nodes = new Nodes(17);
  private final Node author = nodes.found(new MemoryStore());
  private final Node relay = nodes.join(new MemoryStore());
  private final Set<NodeId> away = new TreeSet<>();
  private final Set<NodeId> spoilers = new TreeSet<>();
  private Node reader;
  private FeedId feed = new FeedId(new NodeId(0, 0), 0);

  ArrearsTest() {
    reader = nodes.join(new MemoryStore());
    nodes.connected = (from, to) -> !away.contains(from) && !away.contains(to);
    nodes.spoiled = (from, message) -> spoilers.contains(from) ? spoil(message) : message;
  }

  /// The author's records are with the relay; the reader sees nobody yet.
  private void begin() {
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    away.add(reader.id());
    nodes.view();
    feed = author.ledger.ownFeed();
    for (int i = 0; i < RECORDS; i++) {
      author.write();
    }
    nodes.until(
        () ->
            relay.ledger.acceptedSeq(feed) == author.ledger.acceptedSeq(feed)
                && relay.ledger.openSignatures().count() == 0,
        LIMIT);
  }

  private void readerSeesOnly(Node other) {
    away.clear();
    nodes.nodes.keySet().forEach(away::add);
    away.remove(reader.id());
    away.remove(other.id());
    nodes.view();
  }

  private byte[] spoil(byte[] message) {
    try {
      SyncCodec codec = new SyncCodec(nodes.meshId);
      if (codec.decode(message) instanceof SyncMessage.Records(long id, List<byte[]> records)) {
        List<byte[]> shown = new ArrayList<>(records);
        shown.replaceAll(ArrearsTest.this::spoiled);
        return codec.encode(new SyncMessage.Records(id, shown));
      }
      return message;
    } catch (io.skein.ledger.cbor.CborException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] spoiled(byte[] encoded) {
    if (SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record)
        && record.feed().equals(feed)
        && record.seq() == SPOILED) {
      byte[] spoiled = encoded.clone();
      spoiled[spoiled.length - 1] ^= 1;
      return spoiled;
    }
    return encoded;
  }

  private static boolean allSigned(Ledger ledger, FeedId feed) {
    PublicKey key = ledger.keyOf(feed).orElseThrow();
    return ledger.page(feed, 1, Integer.MAX_VALUE).stream().allMatch(it -> it.verifies(key));
  }

  private void takeTheRun() {
    nodes.verifies = false;
    nodes.until(() -> reader.ledger.headsRoot().equals(author.ledger.headsRoot()), LIMIT);
    assertTrue(reader.ledger.openSignatures().count() >= RECORDS / 2);
  }

  @Test
  void aRunCountsAtOnceAndIsVerifiedAfterwards() {
    begin();
    readerSeesOnly(relay);
    takeTheRun();
    assertTrue(reader.reconciler.inArrears());
    nodes.verifies = true;
    nodes.until(() -> !reader.reconciler.inArrears(), LIMIT);
    assertEquals(0, reader.ledger.openSignatures().count());
    assertEquals(reader.ledger.head(feed), reader.ledger.verifiedHead(feed));
    assertTrue(reader.ledger.refusals().isEmpty());
    nodes.until(() -> relay.reconciler.replicas(feed, RECORDS) == 1, LIMIT);
  }

  @Test
  void aSignatureSpoiledOnTheWayIsFoundAndTheRecordsComeFromSomebodyElse() {
    begin();
    spoilers.add(relay.id());
    int[] retractions = {0};
    reader.ledger.onRetraction(() -> retractions[0]++);
    readerSeesOnly(relay);
    takeTheRun();
    assertFalse(allSigned(reader.ledger, feed));
    nodes.verifies = true;
    nodes.until(() -> reader.ledger.acceptedSeq(feed) == SPOILED - 1, LIMIT);
    assertEquals(1, retractions[0]);
    assertTrue(reader.ledger.refusals().getOrDefault(Refusal.BAD_SIGNATURE, 0L) >= 1);
    nodes.run(Duration.ofSeconds(20));
    assertEquals(SPOILED - 1, reader.ledger.acceptedSeq(feed), "nothing on its word any more");
    assertEquals(1, retractions[0]);
    away.clear();
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.until(() -> reader.ledger.openSignatures().count() == 0, LIMIT);
    assertTrue(allSigned(reader.ledger, feed));
    assertEquals(1, retractions[0]);
  }

  @Test
  void whoeverHadNothingMoreIsAskedAgainAtOnceWhenTheLedgerGoesBack() {
    begin();
    spoilers.add(relay.id());
    readerSeesOnly(relay);
    takeTheRun();
    away.clear();
    nodes.view();
    nodes.run(Duration.ofSeconds(3));
    long all = author.ledger.acceptedSeq(feed);
    assertEquals(all, reader.ledger.acceptedSeq(feed), "the author has no more than that");
    nodes.verifies = true;
    nodes.until(() -> reader.ledger.acceptedSeq(feed) == SPOILED - 1, LIMIT);
    Duration took = nodes.until(() -> reader.ledger.acceptedSeq(feed) == all, LIMIT);
    assertTrue(took.toMillis() < 500, () -> "not with the next digest, but at once: " + took);
  }

  @Test
  void whatItsAuthorNeverSignedIsKeptByNobody() {
    begin();
    spoilers.addAll(Set.of(author.id(), relay.id()));
    away.clear();
    nodes.view();
    takeTheRun();
    nodes.verifies = true;
    nodes.until(() -> reader.ledger.acceptedSeq(feed) == SPOILED - 1, LIMIT);
    nodes.run(Duration.ofSeconds(20));
    assertEquals(SPOILED - 1, reader.ledger.acceptedSeq(feed));
    assertEquals(0, reader.ledger.openSignatures().count());
    assertTrue(allSigned(reader.ledger, feed));
  }

  @Test
  void nothingIsServedNorToldBeforeItIsVerified() {
    Node third = nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    away.add(third.id());
    begin();
    away.add(third.id());
    long before = third.ledger.acceptedSeq(feed);
    readerSeesOnly(relay);
    takeTheRun();
    readerSeesOnly(third);
    nodes.run(Duration.ofSeconds(10));
    assertEquals(before, third.ledger.acceptedSeq(feed));
    assertEquals(reader.ledger.verifiedRoot(), third.ledger.headsRoot());
    assertEquals(0, third.reconciler.withheld(nodes.nowNanos).size(), "nor claimed");
    nodes.verifies = true;
    nodes.until(() -> third.ledger.headsRoot().equals(author.ledger.headsRoot()), LIMIT);
    assertTrue(third.ledger.refusals().isEmpty());
  }

  @Test
  void aCrashInBetweenLeavesNothingUnsigned(@TempDir Path directory) throws IOException {
    nodes.nodes.remove(reader.id());
    SegmentStore store = SegmentStore.open(directory);
    reader = nodes.join(store);
    store.markWith(reader.key);
    begin();
    spoilers.add(relay.id());
    readerSeesOnly(relay);
    takeTheRun();
    store.close();
    SegmentStore again = SegmentStore.open(directory, reader.key);
    assertEquals(SPOILED - 1, again.lastSeq(feed));
    reader.restart(again, true);
    nodes.verifies = true;
    away.clear();
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.until(() -> reader.ledger.openSignatures().count() == 0, LIMIT);
    assertTrue(allSigned(reader.ledger, feed));
    again.close();
  }

  @Test
  void anAuthorThatComesBackIsToldAlsoOfWhatIsNotVerified() {
    begin();
    MemoryStore older = ((MemoryStore) author.store).copy(false);
    readerSeesOnly(author);
    for (int i = 0; i < RECORDS; i++) {
      author.ledger.append(new Body.Performance(1, List.of(), List.of()));
    }
    author.commit();
    takeTheRun();
    away.clear();
    author.restart(older, true);
    nodes.view();
    nodes.run(Duration.ofSeconds(2));
    assertFalse(author.ledger.writable(), "it waits for what it was told of");
    nodes.verifies = true;
    nodes.until(author.ledger::writable, LIMIT);
    author.write();
    nodes.until(nodes::equalHeads, LIMIT);
    assertFalse(reader.ledger.frozen(feed));
  }

  @Test
  void aForkIsNotProvenWithARecordThatIsNotSigned() {
    begin();
    Ledger ledger = reader.ledger;
    long tip = ledger.acceptedSeq(feed);
    List<SignedRecord> records = author.ledger.page(feed, tip + 1, 3);
    SignedRecord genuine = records.get(1);
    SignedRecord twin =
        SignedRecord.sign(
            author.key,
            nodes.meshId,
            feed.epoch(),
            genuine.seq(),
            genuine.prev(),
            genuine.hlc() + 1,
            new Body.Performance(1, List.of(), List.of()));
    byte[] spoiled = genuine.encoded();
    spoiled[spoiled.length - 1] ^= 1;
    ledger.accept(records.get(0).encoded());
    assertInstanceOf(
        Acceptance.Accepted.class,
        ledger.vouch(
            ((Decoded.Valid) SignedRecord.decode(spoiled)).record(), author.key.publicKey()));
    ledger.commit();
    assertInstanceOf(Acceptance.NotYet.class, ledger.accept(twin.encoded()));
    assertFalse(ledger.frozen(feed));
    var left = ledger.openSignatures().some(10).orElseThrow();
    assertEquals(twin.seq(), left.fromSeq());
    ledger.openSignatures().verified(left, 0);
    ledger.commit();
    assertEquals(twin.seq() - 1, ledger.acceptedSeq(feed));
    assertInstanceOf(Acceptance.Accepted.class, ledger.accept(twin.encoded()));
    ledger.commit();
    assertInstanceOf(Acceptance.Forked.class, ledger.accept(genuine.encoded()));
    assertTrue(ledger.frozen(feed));
  }

  @Test
  void aFeedThatIsNotVerifiedIsNotCutAndItsOwnAuthorTakesNoRun() {
    begin();
    readerSeesOnly(relay);
    takeTheRun();
    assertEquals(0, reader.ledger.prune(feed, 1));
    Arrears arrears = new Arrears(author.ledger, Workers.NONE, SignatureCheck.ED25519);
    assertFalse(arrears.allowed(feed, relay.id()));
    assertTrue(arrears.allowed(reader.ledger.ownFeed(), relay.id()));
    assertFalse(Hash.ZERO.equals(reader.ledger.verifiedRoot()));
  }
}
