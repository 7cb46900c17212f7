package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Conviction;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.log.StorageFailure;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sim.FaultyDisk;
import io.skein.ledger.sync.Nodes.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A node whose disk does not give back what lies on it, between one that has all it has and one
/// that was away.
class ReadErrorsTest {
  private static final Path HOME = Path.of("/data");
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// So many that hashes are on the disk, and not in memory only.
  private static final int MANY = 600;

  private final Nodes nodes = new Nodes(5);
  private final FaultyDisk disk = new FaultyDisk(HOME);
  private final SigningKey key = SigningKey.generate(nodes.random);
  private Node founder;
  private Node sick;
  private Node away;

  @BeforeEach
  void oneIsAwayWhileMuchIsWritten() throws IOException {
    founder = nodes.found(new MemoryStore());
    sick = nodes.join(open(), key);
    away = nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.connected = (from, to) -> !from.equals(away.id()) && !to.equals(away.id());
    nodes.view();
    for (int i = 0; i < MANY; i++) {
      founder.write();
    }
    nodes.until(() -> sick.ledger.headsRoot().equals(founder.ledger.headsRoot()), LIMIT);
  }

  private SegmentStore open() throws IOException {
    return SegmentStore.open(disk, HOME, 100_000, Optional.of(key));
  }

  private void doesNotGiveBack(String file) {
    disk.faults((operation, path) ->
        operation == FaultyDisk.Operation.READ && path.getFileName().toString().endsWith(file)
            ? Optional.of("Input/output error")
            : Optional.empty());
  }

  private void assertNobodyIsBlamed() {
    assertEquals(Map.of(), sick.ledger.refusals());
    assertEquals(List.of(), sick.reconciler.withheld(nodes.nowNanos));
    assertEquals(0, sick.reconciler.unheard());
  }

  private void soundAgain() throws IOException {
    disk.faults(FaultyDisk.Faults.NONE);
    nodes.until(() -> nodes.equalHeads() && sick.ledger.unreadable().isEmpty(), LIMIT);
    assertTrue(sick.ledger.storageFailure().isEmpty());
    assertTrue(sick.ledger.shown());
    sick.store.close();
    assertEquals(List.of(), open().damages());
  }

  @Test
  void hashesThatADiskDoesNotGiveBackAreItsFaultAndTheExchangeGoesOnWhenItDoes()
      throws IOException {
    doesNotGiveBack("hashes");
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(() -> sick.ledger.storageFailure().isPresent(), LIMIT);
    assertEquals(
        StorageFailure.Kind.READ, sick.ledger.storageFailure().map(StorageFailure::kind).get());
    nodes.until(() -> away.ledger.headsRoot().equals(founder.ledger.headsRoot()), LIMIT);
    SignedRecord later = founder.write();
    nodes.run(Duration.ofSeconds(15));
    assertTrue(sick.ledger.storageFailures() > 1, "it is tried again");
    assertTrue(sick.ledger.tryAppend(later.body()).isEmpty());
    assertNobodyIsBlamed();
    soundAgain();
  }

  @Test
  void recordsThatADiskDoesNotGiveBackAreLeftOutAndBroughtByOthers() throws IOException {
    doesNotGiveBack(".seg");
    // At first the one that was away has nobody else to ask.
    nodes.connected =
        (from, to) -> !List.of(from, to).containsAll(List.of(founder.id(), away.id()));
    nodes.view();
    nodes.until(() -> !sick.ledger.unreadable().isEmpty(), LIMIT);
    sick.write();
    nodes.run(Duration.ofSeconds(15));
    assertTrue(sick.ledger.storageFailure().isEmpty(), "and nothing else stops");
    assertEquals(
        sick.ledger.head(sick.ledger.ownFeed()),
        founder.ledger.head(sick.ledger.ownFeed()),
        "what it writes goes out");
    assertNobodyIsBlamed();
    List<SignedRecord> shown = new ArrayList<>();
    sick.ledger.onRetraction(shown::clear);
    sick.ledger.listen(shown::add);
    assertFalse(sick.ledger.shown());
    assertTrue(sick.ledger.storageFailure().isPresent(), "so many in a row are the disk's matter");
    nodes.connected = (_, _) -> true;
    nodes.view();
    soundAgain();
    assertEquals(sick.ledger.recordCount(), shown.size());
  }

  @Test
  void whatStopsCountingWhileNothingCanBeReadTakesNothingElseWithIt() throws IOException {
    ForkProof proof = fork();
    SortedMap<FeedId, Head> before = sick.ledger.heads();
    doesNotGiveBack(".seg");
    assertEquals(Conviction.NEWS, sick.ledger.accept(proof));
    nodes.run(Duration.ofSeconds(15));
    assertTrue(sick.ledger.storageFailure().isPresent());
    assertEquals(before, sick.ledger.heads(), "nothing is forgotten that cannot be read again");
    assertNobodyIsBlamed();
    nodes.connected = (_, _) -> true;
    nodes.view();
    soundAgain();
    assertTrue(founder.ledger.frozen(proof.feed()));
    assertEquals(1, sick.ledger.head(proof.feed()).orElseThrow().seq());
  }

  @Test
  void aFeedWhoseFirstRecordIsDamagedWhenAllIsTakenInAnewComesBackWithIt() throws IOException {
    Path file =
        disk.files().stream()
            .filter(path -> path.toString().contains(founder.id().toString()))
            .filter(path -> path.toString().endsWith("0001.seg"))
            .findFirst()
            .orElseThrow();
    byte[] bytes = disk.bytes(file);
    bytes[20] ^= 1;
    disk.tamper(file, bytes);
    ForkProof proof = fork();
    assertEquals(Conviction.NEWS, sick.ledger.accept(proof));
    sick.commit();
    assertFalse(sick.ledger.heads().containsKey(founder.ledger.ownFeed()));
    nodes.connected = (_, _) -> true;
    nodes.view();
    soundAgain();
  }

  /// The proof of a fork of the feed of the one that is away; the others have one of the branches.
  private ForkProof fork() {
    SignedRecord tip = founder.ledger.page(away.ledger.ownFeed(), 1, Integer.MAX_VALUE).getLast();
    SignedRecord one = next(tip, 1);
    founder.ledger.accept(one.encoded());
    founder.commit();
    nodes.run(Duration.ofSeconds(2));
    assertEquals(founder.ledger.headsRoot(), sick.ledger.headsRoot());
    return ForkProof.of(away.key.publicKey(), one, next(tip, 2));
  }

  private SignedRecord next(SignedRecord tip, long window) {
    return SignedRecord.sign(
        away.key,
        nodes.meshId,
        tip.epoch(),
        tip.seq() + 1,
        tip.hash(),
        tip.hlc() + 1,
        new Body.Performance(window, List.of(), List.of()));
  }
}
