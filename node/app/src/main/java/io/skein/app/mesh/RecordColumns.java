package io.skein.app.mesh;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Time and type of every durable record, in memory: searches look at these and read only what may
/// match from disk. 10 bytes a record, in chunks, so that taking one in never copies many.
///
/// A feed's times never fall: a record whose author set its clock back counts as late as the one
/// before it, on every node alike. So a moment is found by halving. Confined to the mesh thread.
final class RecordColumns {
  private static final int CHUNK_BITS = 8;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private final SortedMap<FeedId, Feed> feeds = new TreeMap<>();
  private final SortedMap<Integer, Tally> types = new TreeMap<>();
  private long records;
  private long bytes;

  /// How much there is of a type.
  record Tally(long records, long bytes) {
    Tally plus(long more) {
      return new Tally(records + 1, bytes + more);
    }
  }

  /// Takes in the next record of its feed.
  void add(SignedRecord record) {
    Feed feed = feeds.computeIfAbsent(record.feed(), id -> new Feed(id, record.seq()));
    if (record.seq() != feed.last() + 1) {
      throw new IllegalArgumentException(
          "record: seq " + record.seq() + " (expected: " + (feed.last() + 1) + ")");
    }
    feed.add(HybridClock.millis(record.hlc()), record.body().type());
    types.merge(
        record.body().type(),
        new Tally(1, record.encodedLength()),
        (held, _) -> held.plus(record.encodedLength()));
    records++;
    bytes += record.encodedLength();
  }

  /// Forgets everything: the ledger shows all its records again.
  void clear() {
    feeds.clear();
    types.clear();
    records = 0;
    bytes = 0;
  }

  /// All feeds, by author, then epoch.
  Collection<Feed> feeds() {
    return feeds.values();
  }

  /// What there is of each type, by code.
  SortedMap<Integer, Tally> types() {
    return types;
  }

  long records() {
    return records;
  }

  /// Length of all records in binary form.
  long bytes() {
    return bytes;
  }

  /// One feed's columns. Places are sequence numbers.
  static final class Feed {
    private final FeedId id;
    private final long tag;
    private final long first;
    private final List<long[]> times = new ArrayList<>();
    private final List<char[]> codes = new ArrayList<>();
    private long count;
    private long latest;

    Feed(FeedId id, long first) {
      this.id = id;
      this.first = first;
      this.tag = tag(id);
    }

    /// Names the feed in a cursor: the first eight bytes of SHA-256 over author and epoch.
    static long tag(FeedId id) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(id.author().toBytes());
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(id.epoch()).array());
        return ByteBuffer.wrap(digest.digest()).getLong();
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    private void add(long millis, int type) {
      int at = (int) (count & (CHUNK - 1));
      if (at == 0) {
        times.add(new long[CHUNK]);
        codes.add(new char[CHUNK]);
      }
      latest = Math.max(latest, millis);
      times.getLast()[at] = latest;
      codes.getLast()[at] = (char) type;
      count++;
    }

    FeedId id() {
      return id;
    }

    long tag() {
      return tag;
    }

    /// The first record kept.
    long first() {
      return first;
    }

    /// The last record; one less than the first if there is none.
    long last() {
      return first + count - 1;
    }

    /// Unix milliseconds of a record's ledger time.
    long millis(long seq) {
      long index = seq - first;
      return times.get((int) (index >>> CHUNK_BITS))[(int) (index & (CHUNK - 1))];
    }

    /// Code of a record's type.
    int type(long seq) {
      long index = seq - first;
      return codes.get((int) (index >>> CHUNK_BITS))[(int) (index & (CHUNK - 1))];
    }

    /// The first record that is not older than `millis`; one more than the last if all are.
    long from(long millis) {
      long low = first;
      long high = last() + 1;
      while (low < high) {
        long middle = low + (high - low) / 2;
        if (millis(middle) < millis) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
