package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.RecordType;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever was away while feeds were cut, or comes after it, gets what is left and ends up with the
/// same heads and the same records that stay.
class ReentryTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Path HOME = Path.of("/data");
  private final Nodes nodes = new Nodes(11);
  private Node founder;
  private Node second;

  @BeforeEach
  void two() {
    founder = nodes.found(new MemoryStore());
    second = nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
  }

  private static void write(Node node, int records) {
    for (int i = 0; i < records; i++) {
      node.write();
      if (i % 50 == 0) {
        node.ledger.append(
            new Body.Invite(
                SigningKey.generate(new java.util.SplittableRandom(node.ledger.recordCount()))
                    .publicKey(),
                1,
                1_000_000_000));
        node.commit();
      }
    }
  }

  private static long checkpoint(Node node) {
    Ledger ledger = node.ledger;
    FeedId feed = ledger.ownFeed();
    long size = ledger.acceptedSeq(feed);
    KeptRecords kept = KeptRecords.of(ledger.page(feed, 1, Integer.MAX_VALUE));
    ledger.append(
        new Body.Checkpoint(
            size,
            ledger.treeRoot(feed).orElseThrow(),
            Hash.ZERO,
            Hash.ZERO,
            kept.count(),
            kept.root(),
            new byte[64]));
    node.commit();
    return size;
  }

  /// Cuts every feed of the two everywhere at a checkpoint written now.
  private void cutAll(List<Node> where) {
    for (Node author : List.of(founder, second)) {
      long size = checkpoint(author);
      FeedId feed = author.ledger.ownFeed();
      nodes.until(
          () -> where.stream().allMatch(node -> node.ledger.acceptedSeq(feed) > size), LIMIT);
      nodes.run(Duration.ofMillis(50));
      for (Node node : where) {
        Hash before = node.ledger.headsRoot();
        assertTrue(node.ledger.prune(feed, size) > 0);
        assertEquals(before, node.ledger.headsRoot());
      }
    }
  }

  private static List<SignedRecord> staying(Node node) {
    List<SignedRecord> staying = new ArrayList<>();
    node.ledger
        .heads()
        .forEach((feed, head) -> {
          for (SignedRecord record : node.ledger.page(feed, 1, Integer.MAX_VALUE)) {
            if (RecordType.stays(record.body().type())) {
              staying.add(record);
            }
          }
        });
    return staying;
  }

  @Test
  void aJoinerEntersAfterTheCut() {
    write(founder, 300);
    write(second, 200);
    cutAll(List.of(founder, second));
    write(founder, 20);
    write(second, 20);
    Node late = nodes.join(new MemoryStore());
    List<SignedRecord> shown = new ArrayList<>();
    late.ledger.listen(shown::add);
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertTrue(late.ledger.cut(founder.ledger.ownFeed()).isPresent());
    assertEquals(staying(founder), staying(late));
    assertEquals(founder.ledger.roster().members(), late.ledger.roster().members());
    assertEquals(founder.ledger.recordCount(), late.ledger.recordCount());
    assertEquals(shown.size(), shown.stream().map(SignedRecord::hash).distinct().count());
    late.write();
    nodes.until(nodes::equalHeads, LIMIT);
    late.restart(late.store, false);
    assertEquals(founder.ledger.headsRoot(), late.ledger.headsRoot());
    assertEquals(staying(founder), staying(late));
  }

  @Test
  void aNodeAwayLongerThanTheRetentionReenters() {
    Node third = nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    write(founder, 30);
    nodes.until(nodes::equalHeads, LIMIT);
    nodes.connected = (from, to) -> !from.equals(third.id()) && !to.equals(third.id());
    nodes.view();
    write(founder, 9_000);
    write(second, 100);
    cutAll(List.of(founder, second));
    write(founder, 50);
    write(third, 10);
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertEquals(staying(founder), staying(third));
    assertEquals(founder.ledger.recordCount(), third.ledger.recordCount());
  }

  @Test
  void aNodeThatKeepsMoreServesItOrNotAndHeadsStayEqual() {
    write(founder, 200);
    write(second, 5);
    nodes.until(nodes::equalHeads, LIMIT);
    cutAll(List.of(founder));
    assertTrue(nodes.equalHeads());
    Node late = nodes.join(new MemoryStore());
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertEquals(staying(second), staying(late));
  }

  /// Whatever of a cut feed the disk refuses to take, by a part of the file's name.
  @ParameterizedTest
  @ValueSource(strings = {"hashes", ".kept", "cut"})
  void whatTheDiskRefusesIsHeldAgainstNobodyAndNotAskedForTwice(String file) throws IOException {
    write(founder, 300);
    write(second, 200);
    cutAll(List.of(founder, second));
    FaultyDisk disk = new FaultyDisk(HOME);
    SigningKey key = SigningKey.generate(nodes.random);
    Node late = nodes.join(SegmentStore.open(disk, HOME, 100_000, Optional.of(key)), key);
    disk.faults((operation, path) ->
        operation != FaultyDisk.Operation.READ && path.getFileName().toString().contains(file)
            ? Optional.of("Input/output error")
            : Optional.empty());
    FeedId first = founder.ledger.ownFeed();
    List<SyncMessage.Pruned> parts = new ArrayList<>();
    nodes.intercepted = (_, message) -> pruned(message, first).ifPresent(parts::add);
    nodes.view();
    nodes.until(() -> late.ledger.storageFailures() > 0, LIMIT);
    nodes.run(Duration.ofSeconds(40));
    assertTrue(late.ledger.storageFailures() > 1, "it is tried again");
    assertEquals(Map.of(), late.ledger.refusals());
    assertTrue(late.ledger.cut(first).isEmpty());
    assertEquals(List.of(), late.reconciler.withheld(nodes.nowNanos));
    disk.faults(FaultyDisk.Faults.NONE);
    nodes.until(nodes::equalHeads, Duration.ofMinutes(2));
    assertEquals(1, parts.size());
    assertEquals(staying(founder), staying(late));
    disk.crash();
    late.restart(SegmentStore.open(disk, HOME, 100_000, Optional.of(key)), false);
    assertEquals(founder.ledger.headsRoot(), late.ledger.headsRoot());
  }

  /// Whatever is needed of the own disk to enter again, by the end of the file's name.
  @ParameterizedTest
  @ValueSource(strings = {".kept", ".seg"})
  void whatTheDiskDoesNotGiveBackIsHeldAgainstNobody(String file) throws IOException {
    FaultyDisk disk = new FaultyDisk(HOME);
    SigningKey key = SigningKey.generate(nodes.random);
    Node late = nodes.join(SegmentStore.open(disk, HOME, 100_000, Optional.of(key)), key);
    nodes.view();
    write(founder, 100);
    write(second, 100);
    nodes.until(nodes::equalHeads, LIMIT);
    cutAll(List.of(founder, second, late));
    nodes.connected = (from, to) -> !from.equals(late.id()) && !to.equals(late.id());
    nodes.view();
    write(founder, 100);
    write(second, 100);
    cutAll(List.of(founder, second));
    disk.faults((operation, path) ->
        operation == FaultyDisk.Operation.READ && path.getFileName().toString().endsWith(file)
            ? Optional.of("Input/output error")
            : Optional.empty());
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.run(Duration.ofSeconds(30));
    assertFalse(late.ledger.headsRoot().equals(founder.ledger.headsRoot()));
    assertEquals(file.equals(".kept"), late.ledger.storageFailure().isPresent());
    assertEquals(Map.of(), late.ledger.refusals());
    assertEquals(List.of(), late.reconciler.withheld(nodes.nowNanos));
    disk.faults(FaultyDisk.Faults.NONE);
    nodes.until(nodes::equalHeads, Duration.ofMinutes(2));
    assertEquals(staying(founder), staying(late));
  }

  private Optional<SyncMessage.Pruned> pruned(byte[] message, FeedId feed) {
    try {
      return new SyncCodec(nodes.meshId).decode(message) instanceof SyncMessage.Pruned part
              && part.feed().equals(feed)
          ? Optional.of(part)
          : Optional.empty();
    } catch (CborException e) {
      throw new AssertionError(e);
    }
  }

  /// As the peer would have sent it without one of the records that stay.
  private byte[] withhold(byte[] message, int index) {
    SyncCodec codec = new SyncCodec(nodes.meshId);
    try {
      if (!(codec.decode(message) instanceof SyncMessage.Pruned part) || part.kept().size() < 3) {
        return message;
      }
      List<byte[]> kept = new ArrayList<>(part.kept());
      kept.remove(index < 0 ? kept.size() - 2 : index);
      return codec.encode(
          new SyncMessage.Pruned(
              part.id(), part.feed(), part.size(), part.fromSeq(), part.hashes(), kept));
    } catch (CborException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void whoeverWithholdsARecordThatStaysIsRefusedAndAnotherPeerAsked(int index) {
    write(founder, 300);
    write(second, 200);
    cutAll(List.of(founder, second));
    write(founder, 20);
    Node late = nodes.join(new MemoryStore());
    nodes.spoiled =
        (from, message) -> from.equals(second.id()) ? withhold(message, index) : message;
    // At first there is only the one who withholds.
    nodes.connected = (from, to) -> !from.equals(founder.id()) && !to.equals(founder.id());
    nodes.view();
    nodes.until(() -> late.ledger.refusals().containsKey(Refusal.INCOMPLETE_CUT), LIMIT);
    assertTrue(late.ledger.cut(founder.ledger.ownFeed()).isEmpty());
    nodes.connected = (_, _) -> true;
    nodes.view();
    nodes.until(nodes::equalHeads, LIMIT);
    assertEquals(staying(founder), staying(late));
    assertEquals(founder.ledger.roster().members(), late.ledger.roster().members());
  }

  @Test
  void aLiarCostsItselfOnly() {
    write(founder, 100);
    write(second, 100);
    cutAll(List.of(founder, second));
    Node late = nodes.join(new MemoryStore());
    // The second node's answers are spoiled on the way: every hash it sends is another.
    nodes.spoiled =
        (from, message) -> {
          if (from.equals(second.id()) && message[11] == 9) {
            message[message.length / 2] ^= 1;
          }
          return message;
        };
    nodes.view();
    nodes.until(() -> late.ledger.headsRoot().equals(founder.ledger.headsRoot()), LIMIT);
    assertEquals(staying(founder), staying(late));
  }
}
