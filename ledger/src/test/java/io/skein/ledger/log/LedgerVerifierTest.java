package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerVerifierTest {
  @TempDir Path directory;
  private final SigningKey key = Feeds.key(1);
  private final SigningKey other = Feeds.key(2);
  private final SigningKey invite = Feeds.key(3);
  private final List<SignedRecord> chain = Feeds.chain(key, 5);
  private final Hash meshId = chain.getFirst().hash();

  private SignedRecord invitation() {
    SignedRecord last = chain.getLast();
    return SignedRecord.sign(
        key,
        meshId,
        Feeds.EPOCH,
        last.seq() + 1,
        last.hash(),
        6L << 16,
        new Body.Invite(invite.publicKey(), 1, 1_000_000));
  }

  private SignedRecord join() {
    return SignedRecord.sign(
        other,
        meshId,
        Feeds.EPOCH,
        1,
        Hash.ZERO,
        7L << 16,
        new Body.Join(
            other.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, meshId, other.publicKey()),
            "b"));
  }

  private void write(boolean invited) throws IOException {
    try (SegmentStore store = SegmentStore.open(directory)) {
      chain.forEach(store::append);
      if (invited) {
        store.append(invitation());
      }
      store.append(join());
      store.sync();
    }
  }

  private LedgerVerifier.Report verify() throws IOException {
    return LedgerVerifier.verify(directory, _ -> {}, () -> 0);
  }

  private Map<Path, String> contents() throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  void verifiesASoundDirectoryAndWritesNothing() throws IOException {
    write(true);
    Map<Path, String> before = contents();
    List<LedgerVerifier.Progress> progress = new ArrayList<>();
    long[] now = {0};
    LedgerVerifier.Report report =
        LedgerVerifier.verify(directory, progress::add, () -> now[0] += 5);
    assertTrue(report.sound(), report::toString);
    assertEquals(7, report.records());
    assertEquals(2, report.feeds().size());
    assertEquals(Optional.of(meshId), report.meshId());
    assertEquals(5, report.elapsedNanos());
    assertEquals(2, progress.size());
    assertEquals(7, progress.getLast().records());
    assertEquals(before, contents());
  }

  @Test
  void reportsAnAuthorWhomNobodyInvited() throws IOException {
    write(false);
    LedgerVerifier.Report report = verify();
    assertFalse(report.sound());
    assertEquals(List.of(), report.damages());
    LedgerVerifier.Feed stranger =
        report.feeds().stream()
            .filter(feed -> feed.feed().author().equals(other.nodeId()))
            .findFirst()
            .orElseThrow();
    assertFalse(stranger.admitted());
    assertEquals("author was never admitted", stranger.objection());
  }

  @Test
  void reportsAFlippedByteWithItsPlace() throws IOException {
    write(true);
    Path file =
        FeedFiles.feedDirectory(directory, Feeds.feed(key)).resolve(FeedFiles.segmentName(1));
    byte[] bytes = Files.readAllBytes(file);
    int offset = Frame.bytes(chain.get(0).encoded()) + Frame.bytes(chain.get(1).encoded());
    bytes[offset + 40] ^= 4;
    Files.write(file, bytes);
    Map<Path, String> before = contents();
    LedgerVerifier.Report report = verify();
    assertFalse(report.sound());
    assertEquals(
        List.of(
            new Damage(
                Feeds.feed(key), 3, file, offset, Damage.Kind.BAD_FRAME, "checksum mismatch")),
        report.damages());
    assertEquals(before, contents());
  }

  @Test
  void saysThatADirectoryIsNotThere() {
    IOException refused =
        assertThrows(
            IOException.class,
            () -> LedgerVerifier.verify(directory.resolve("none"), _ -> {}, () -> 0));
    assertTrue(String.valueOf(refused.getMessage()).contains("none"));
  }
}
