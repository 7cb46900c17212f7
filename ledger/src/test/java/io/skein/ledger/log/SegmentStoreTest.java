package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.disk.RealDisk;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentStoreTest extends RecordStoreContract {
  @TempDir Path temporary;
  private Path directory = Path.of("");
  private @Nullable SegmentStore open;
  private final FeedId feed = Feeds.feed(key);
  private final RealDisk disk = new RealDisk();

  @BeforeEach
  void directory() {
    directory = temporary.resolve("data");
  }

  @AfterEach
  void closed() {
    if (open != null) {
      open.close();
    }
  }

  @Override
  RecordStore store() {
    return open();
  }

  private SegmentStore open() {
    closed();
    try {
      SegmentStore fresh = SegmentStore.open(directory, 500);
      open = fresh;
      return fresh;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void write(int count) {
    SegmentStore store = open();
    chain.subList(0, count).forEach(store::append);
    store.sync();
    store.close();
  }

  @Test
  void whatWasTakenBackDoesNotComeBack() {
    write(9);
    SegmentStore store = open();
    store.withdraw(feed, 4);
    store.sync();
    SegmentStore again = open();
    assertEquals(List.of(), again.damages());
    assertSame(again, chain.subList(0, 3));
    chain.subList(3, 9).forEach(again::append);
    again.sync();
    SegmentStore last = open();
    assertEquals(List.of(), last.damages());
    assertSame(last, chain);
  }

  @Test
  void marksNothingWhoseSignatureIsYetToBeVerified() throws IOException {
    byte[] spoiled = chain.get(4).encoded();
    spoiled[spoiled.length - 1] ^= 1;
    Decoded.Valid unsigned = (Decoded.Valid) SignedRecord.decode(spoiled);
    for (boolean told : new boolean[] {true, false}) {
      Path home = temporary.resolve("marked-" + told);
      SegmentStore store = SegmentStore.open(home, key);
      chain.subList(0, 3).forEach(store::append);
      store.sync();
      if (told) {
        store.unverified(feed, 4);
      }
      store.append(chain.get(3));
      store.append(unsigned.record());
      chain.subList(5, 9).forEach(store::append);
      store.sync();
      store.close();
      try (SegmentStore again = SegmentStore.open(home, key)) {
        assertEquals(told ? 4 : 9, again.lastSeq(feed), "a mark is believed");
        assertEquals(told ? 1 : 0, again.damages().size());
      }
    }
  }

  private List<Path> segments() throws IOException {
    return List.copyOf(FeedFiles.segments(disk, FeedFiles.feedDirectory(directory, feed)).values());
  }

  @Test
  void findsEverythingAgainInSeveralSegments() throws IOException {
    write(9);
    assertTrue(segments().size() >= 3, () -> "one segment only");
    SegmentStore store = open();
    assertEquals(List.of(), store.damages());
    assertFalse(store.copied());
    for (SignedRecord record : chain) {
      assertEquals(Optional.of(record), store.record(feed, record.seq()));
    }
    assertTrue(store.record(feed, 10).isEmpty());
  }

  @Test
  void dropsWhatWasNotSynced() {
    write(3);
    SegmentStore store = open();
    store.append(chain.get(3));
    assertEquals(3, open().lastSeq(feed));
  }

  @Test
  void letsOneStoreOpenADirectory() throws IOException {
    open();
    DirectoryInUseException refused =
        assertThrows(DirectoryInUseException.class, () -> SegmentStore.open(directory));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("process " + ProcessHandle.current().pid()),
        refused::getMessage);
  }

  @Test
  void knowsThatItIsACopy() throws IOException {
    write(2);
    copy(directory, temporary.resolve("copy"));
    directory = temporary.resolve("copy");
    SegmentStore copy = open();
    assertTrue(copy.copied());
    assertEquals(2, copy.lastSeq(feed));
    assertFalse(open().copied(), "told once; the ledger opens a new epoch then");
  }

  @Test
  void cutsATailTornAtAnyByte() throws IOException {
    write(2);
    Path file = segments().getLast();
    byte[] whole = Files.readAllBytes(file);
    int start = whole.length - Frame.bytes(chain.get(1).encoded());
    for (int cut = start + 1; cut < whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      List<Damage> found =
          FeedScan.of(disk, directory, feed, Optional.empty(), _ -> FeedScan.Reader.NONE).damages();
      assertTorn(found, start);
      if (cut % 16 == 0) { // repairing forces: every byte would cost seconds
        SegmentStore store = open();
        assertEquals(1, store.lastSeq(feed));
        assertEquals(found, store.damages());
        store.append(chain.get(1));
        store.sync();
        assertEquals(List.of(), open().damages());
        assertEquals(2, open().lastSeq(feed));
      }
    }
  }

  private static void assertTorn(List<Damage> found, int start) {
    assertEquals(1, found.size(), found::toString);
    assertEquals(Damage.Kind.TORN_TAIL, found.getFirst().kind());
    assertEquals(2, found.getFirst().seq());
    assertEquals(start, found.getFirst().offset());
  }

  @Test
  void findsAFlippedBitAtAnyByteAndKeepsTheOtherRecords() throws IOException {
    write(4);
    for (Path file : segments()) {
      byte[] sound = Files.readAllBytes(file);
      for (int at = 0; at < sound.length; at++) {
        byte[] bytes = sound.clone();
        bytes[at] ^= (byte) (1 << (at % 8));
        Files.write(file, bytes);
        long seq = seqAt(file, at);
        List<Damage> found =
            FeedScan.of(disk, directory, feed, Optional.empty(), _ -> FeedScan.Reader.NONE)
                .damages();
        assertEquals(1, found.size(), found::toString);
        assertEquals(seq, found.getFirst().seq());
        assertEquals(file, found.getFirst().file());
        assertTrue(found.getFirst().offset() <= at);
        if (at % 97 == 0) { // repairing forces: every byte would cost seconds
          assertRepairs(seq);
        }
      }
      Files.write(file, sound);
    }
  }

  private void assertRepairs(long seq) throws IOException {
    Path copy = temporary.resolve("copy");
    copy(directory, copy);
    try (SegmentStore store = SegmentStore.open(copy, 500)) {
      assertEquals(1, store.damages().size());
      assertEquals(seq - 1, store.lastSeq(feed));
      assertEquals(seq < 4, store.waiting(feed));
      assertEquals(1, disk.list(copy.resolve("quarantine")).size(), "bytes are kept");
      store.append(chain.get((int) seq - 1));
      store.sync();
      assertEquals(4, store.lastSeq(feed), "what waited rejoins");
      assertFalse(store.waiting(feed));
    }
    try (SegmentStore store = SegmentStore.open(copy, 500)) {
      assertEquals(List.of(), store.damages());
      for (SignedRecord record : chain.subList(0, 4)) {
        assertEquals(Optional.of(record), store.record(feed, record.seq()));
      }
    }
    delete(copy);
  }

  @Test
  void whatWaitsOutlivesARestart() throws IOException {
    write(9);
    Path middle = segments().get(1);
    Files.delete(middle);
    long missing = Long.parseLong(middle.getFileName().toString().substring(0, 16), 16);
    assertEquals(Damage.Kind.GAP, open().damages().getFirst().kind());
    SegmentStore store = open();
    assertEquals(missing, store.damages().getFirst().seq());
    assertEquals(missing - 1, store.lastSeq(feed));
    while (store.lastSeq(feed) < 9) {
      store.append(chain.get((int) store.lastSeq(feed)));
    }
    store.sync();
    assertEquals(List.of(), open().damages());
    assertEquals(9, open().lastSeq(feed));
  }

  @Test
  void aRecordWithAWrongSignatureIsDamage() throws IOException {
    write(3);
    Path file = segments().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    int length = chain.getFirst().encodedLength();
    byte[] forged = chain.getFirst().encoded();
    forged[length - 1] ^= 1;
    java.nio.ByteBuffer out = java.nio.ByteBuffer.wrap(bytes);
    Frame.put(out, forged);
    Files.write(file, bytes);
    Damage damage = open().damages().getFirst();
    assertEquals(Damage.Kind.BAD_RECORD, damage.kind());
    assertEquals(1, damage.seq());
    assertEquals(0, open().lastSeq(feed));
  }

  private long seqAt(Path file, int at) {
    long seq = Long.parseLong(file.getFileName().toString().substring(0, 16), 16);
    int end = 0;
    while ((end += Frame.bytes(chain.get((int) seq - 1).encoded())) <= at) {
      seq++;
    }
    return seq;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }
}
