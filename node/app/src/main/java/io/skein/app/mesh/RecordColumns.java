package io.skein.app.mesh;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/// Time, type and length of every durable record, in memory: searches look at these and read only
/// what may match from disk. 12 bytes a record, 20 for those that were left by a cut.
///
/// A feed's times never fall: a record whose author set its clock back counts as late as the one
/// before it, on every node alike. So a moment is found by halving. Confined to the mesh thread.
final class RecordColumns {
  private final SortedMap<FeedId, Feed> feeds = new TreeMap<>();
  private final SortedMap<Integer, Tally> types = new TreeMap<>();
  private long records;
  private long bytes;

  /// How much there is of a type.
  record Tally(long records, long bytes) {
    Tally plus(long more) {
      return new Tally(records + 1, bytes + more);
    }

    Tally minus(long less) {
      return new Tally(records - 1, bytes - less);
    }
  }

  /// Takes in the next record of its feed. Those between it and the last one were cut off.
  void add(SignedRecord record) {
    Feed feed = feeds.computeIfAbsent(record.feed(), Feed::new);
    if (record.seq() <= feed.last()) {
      throw new IllegalArgumentException(
          "record: seq " + record.seq() + " (expected: above " + feed.last() + ")");
    }
    if (record.seq() > feed.last() + 1) {
      cut(record.feed(), feed.last());
    }
    feed.add(
        record.seq(),
        HybridClock.millis(record.hlc()),
        record.body().type(),
        record.encodedLength());
    types.merge(
        record.body().type(),
        new Tally(1, record.encodedLength()),
        (held, _) -> held.plus(record.encodedLength()));
    records++;
    bytes += record.encodedLength();
  }

  /// Leaves out what a cut has taken from a feed.
  void cut(FeedId id, long size) {
    Feed feed = feeds.get(id);
    if (feed != null) {
      feed.cut(
          size,
          (type, length) -> {
            types.computeIfPresent(
                type, (_, held) -> held.records() == 1 ? null : held.minus(length));
            records--;
            bytes -= length;
          });
    }
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

  /// Hears of each record that is left out.
  private interface Dropped {
    void record(int type, int length);
  }

  /// One feed's columns. Places are sequence numbers; some before a cut hold nothing.
  static final class Feed {
    private final FeedId id;
    private final long tag;
    private final SparseColumns kept = new SparseColumns();
    private DenseColumns rest = new DenseColumns(1);
    private long latest;

    Feed(FeedId id) {
      this.id = id;
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

    private void add(long seq, long millis, int type, int length) {
      latest = Math.max(latest, millis);
      if (seq != rest.last() + 1) {
        rest = new DenseColumns(seq); // what was here is with what was kept
      }
      rest.add(latest, type, length);
    }

    private void cut(long size, Dropped dropped) {
      if (size < rest.first()) {
        return;
      }
      DenseColumns fresh = new DenseColumns(Math.min(size, rest.last()) + 1);
      for (long seq = rest.first(); seq <= rest.last(); seq++) {
        if (seq > size) {
          fresh.add(rest.millis(seq), rest.type(seq), rest.length(seq));
        } else if (RecordType.stays(rest.type(seq))) {
          kept.add(seq, rest.millis(seq), rest.type(seq), rest.length(seq));
        } else {
          dropped.record(rest.type(seq), rest.length(seq));
        }
      }
      rest = fresh;
    }

    FeedId id() {
      return id;
    }

    long tag() {
      return tag;
    }

    /// The first record held.
    long first() {
      return kept.count() > 0 ? kept.seq(0) : rest.first();
    }

    /// The last record; one less than the first if there is none.
    long last() {
      return rest.last();
    }

    /// The first record held from `seq` on; one more than the last if there is none.
    long atOrAfter(long seq) {
      int index = kept.from(seq);
      if (index < kept.count()) {
        return kept.seq(index);
      }
      return Math.max(seq, rest.first());
    }

    /// The last record held up to `seq`; one less than the first if there is none.
    long atOrBefore(long seq) {
      if (seq >= rest.first()) {
        return seq;
      }
      int index = kept.from(seq + 1) - 1;
      return index >= 0 ? kept.seq(index) : first() - 1;
    }

    /// Unix milliseconds of a record's ledger time; of a place that was cut off, of the record held
    /// before it.
    long millis(long seq) {
      if (seq >= rest.first()) {
        return rest.millis(seq);
      }
      return kept.millis(Math.max(0, kept.from(seq + 1) - 1));
    }

    /// Code of a record's type; 0 where it was cut off.
    int type(long seq) {
      if (seq >= rest.first()) {
        return rest.type(seq);
      }
      int index = kept.from(seq);
      return index < kept.count() && kept.seq(index) == seq ? kept.type(index) : 0;
    }

    /// The first record held that is not older than `millis`; one more than the last if all are.
    long from(long millis) {
      int index = kept.fromMillis(millis);
      return index < kept.count() ? kept.seq(index) : rest.from(millis);
    }
  }
}
