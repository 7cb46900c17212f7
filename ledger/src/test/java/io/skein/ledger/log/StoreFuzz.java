package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.fuzz.Scratch;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Segments from any bytes: as the file, and as contents in frames whose checksums are right (split
/// where a length of two bytes says). Opening must mend what it finds: opened again, the directory
/// has the same records and no damage but gaps.
public final class StoreFuzz {
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);
  private static final FeedId FEED = new FeedId(KEY.nodeId(), Feeds.EPOCH);

  private StoreFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    open((input[0] & 1) == 0 ? rest : framed(rest));
  }

  private static byte[] framed(byte[] input) {
    ByteBuffer in = ByteBuffer.wrap(input);
    ByteBuffer out = ByteBuffer.allocate(input.length * 8 + 64);
    while (in.remaining() >= 2) {
      byte[] content = new byte[Math.min(in.remaining() - 2, in.getShort(in.position()) & 0xffff)];
      in.getShort();
      in.get(content);
      Frame.put(out, content);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void open(byte[] segment) throws Exception {
    Path directory = Scratch.empty("store");
    Path folder = Files.createDirectories(FeedFiles.feedDirectory(directory, FEED));
    Files.write(folder.resolve(FeedFiles.segmentName(1)), segment);
    List<byte[]> first;
    try (SegmentStore store = SegmentStore.open(directory)) {
      first = records(store);
    }
    try (SegmentStore store = SegmentStore.open(directory)) {
      List<byte[]> second = records(store);
      assertEquals(first.size(), second.size());
      for (int i = 0; i < first.size(); i++) {
        assertArrayEquals(first.get(i), second.get(i));
      }
      assertTrue(
          store.damages().stream().allMatch(damage -> damage.kind() == Damage.Kind.GAP),
          () -> store.damages().toString());
    }
  }

  /// Whatever is shown is a chain that its key signed.
  private static List<byte[]> records(SegmentStore store) {
    List<byte[]> records = new ArrayList<>();
    Hash prev = Hash.ZERO;
    for (long seq = 1; seq <= store.lastSeq(FEED); seq++) {
      SignedRecord record = store.record(FEED, seq).orElseThrow();
      assertEquals(seq, record.seq());
      assertEquals(prev, record.prev());
      assertTrue(record.verifies(KEY.publicKey()));
      prev = record.hash();
      records.add(record.encoded());
    }
    return records;
  }
}
