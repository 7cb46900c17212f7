package io.skein.ledger.log;

import io.skein.ledger.disk.Disk;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordOutline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Makes a feed's file of hashes anew where the disk does not give it back.
///
/// What can be read of it is copied, the rest follows from the records behind the feed's cut. Each
/// [FeedHashes#SPAN] of them must give the root that is in memory since they were read or written,
/// so nothing is believed that was not known before. The new file takes the old one's name when it
/// is on the disk. Hashes before a cut stand nowhere else: without them the store goes on refusing,
/// and says what people can do.
///
/// It is tried when the second attempt to read has failed, then after twice as many each time, and
/// at the latest after [#MOST_BETWEEN]: a disk that gives back nothing is not filled with copies.
final class LeafMending {
  private static final int MOST_BETWEEN = 64;

  /// So many pieces are read in vain: a dying disk takes seconds for each.
  private static final int MOST_UNREAD = 4;

  private final Disk disk;
  private final OpenFiles files;
  private final FeedReading reading;
  private final Map<FeedId, StoredFeed> feeds;
  private int failures;
  private String flaw = "";
  private long remade;

  LeafMending(Disk disk, OpenFiles files, FeedReading reading, Map<FeedId, StoredFeed> feeds) {
    this.disk = disk;
    this.files = files;
    this.reading = reading;
    this.feeds = feeds;
  }

  /// How many files were made anew.
  long remade() {
    return remade;
  }

  /// Reads once more what the disk did not give back, and if it was hashes mends it.
  ///
  /// @throws OpenFiles.ReadFailed if it still does not, with what was tried and what can be done
  void readAgain() throws OpenFiles.ReadFailed {
    try {
      files.readAgain();
    } catch (OpenFiles.ReadFailed failed) {
      StoredFeed feed = files.unreadFile().flatMap(this::feedOf).orElseThrow(() -> failed);
      failures++;
      if (!isDue() || !mend(feed)) {
        throw flaw.isEmpty() ? failed : failed.saying(advice());
      }
    }
    failures = 0;
    flaw = "";
  }

  private boolean isDue() {
    boolean doubled = failures > 1 && Integer.bitCount(failures) == 1;
    return doubled || failures % MOST_BETWEEN == 0;
  }

  private Optional<StoredFeed> feedOf(Path file) {
    return feeds.values().stream()
        .filter(feed -> file.equals(feed.folder.resolve(LeafFile.NAME)))
        .findAny();
  }

  private String advice() {
    return "it could not be made anew ("
        + flaw
        + "): stop the node, move the file away and start it again, then it is made from the records"
        + " or peers send the feed";
  }

  private boolean mend(StoredFeed feed) {
    int[] unread = {0};
    try {
      feed.leaves.file().remake(disk, (from, count, into) -> span(feed, from, count, into, unread));
      files.readAgain();
    } catch (UncheckedIOException | IOException e) {
      flaw = String.valueOf(e.getMessage());
      return false;
    }
    remade++;
    return true;
  }

  private void span(StoredFeed feed, long from, int count, byte[] into, int[] unread)
      throws IOException {
    FeedHashes tree = feed.leaves.tree();
    if (count < FeedHashes.SPAN) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(tree.subtree(0, from + i).toBytes(), 0, into, i * Hash.BYTES, Hash.BYTES);
      }
      return;
    }
    Hash root = tree.subtree(FeedHashes.SPAN_LEVEL, from / FeedHashes.SPAN);
    if (unread[0] < MOST_UNREAD) {
      try {
        feed.leaves.file().copy(from, count, into);
        if (root(into).equals(root)) {
          return;
        }
      } catch (IOException _) {
        unread[0]++;
      }
    }
    derive(feed, from, count, into);
    if (!root(into).equals(root)) {
      throw new IOException("records do not give the hashes that they had");
    }
  }

  private void derive(StoredFeed feed, long from, int count, byte[] into) throws IOException {
    if (from < feed.cutSize()) {
      throw new IOException("records before the feed's cut are gone");
    }
    RecordOutline outline = new RecordOutline();
    for (int i = 0; i < count; i++) {
      long seq = from + i + 1;
      byte[] record =
          reading
              .encoded(feed, seq)
              .orElseThrow(() -> new IOException("record " + seq + " is not readable"));
      if (!outline.read(record, 0, record.length)) {
        throw new IOException("record " + seq + " is none");
      }
      System.arraycopy(outline.hash(), 0, into, i * Hash.BYTES, Hash.BYTES);
    }
  }

  private static Hash root(byte[] span) {
    FeedHashes alone =
        new FeedHashes((_, _, _) -> {
          throw new IllegalStateException("a whole span needs no leaves");
        });
    for (int at = 0; at < span.length; at += Hash.BYTES) {
      alone.add(Arrays.copyOfRange(span, at, at + Hash.BYTES));
    }
    return alone.subtree(FeedHashes.SPAN_LEVEL, 0);
  }
}
