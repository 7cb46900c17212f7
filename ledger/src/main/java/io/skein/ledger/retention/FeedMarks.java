package io.skein.ledger.retention;

import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import java.util.ArrayList;
import java.util.List;

/// The checkpoints of one feed at which it could be cut, oldest first, and what would go.
final class FeedMarks {
  /// Marks of one feed at most; more are thinned out, every second one, the newest stays.
  static final int MOST = 256;

  /// A place where the feed can be cut.
  ///
  /// @param millis ledger time of the checkpoint
  /// @param records of types that may go, from the feed's first one on
  /// @param bytes of those
  record Mark(long size, Hash root, long millis, long records, long bytes) {}

  private final List<Mark> marks = new ArrayList<>();
  private long records;
  private long bytes;
  private KeptRecords kept = KeptRecords.NONE;
  private long newestWindow = -1;
  private long newest = Long.MAX_VALUE;
  private long goneRecords;
  private long goneBytes;

  /// A record that stays.
  void stays(Hash record) {
    kept = kept.and(record);
  }

  /// The records that stay, so far.
  KeptRecords kept() {
    return kept;
  }

  /// A record that may go.
  void passed(int length) {
    records++;
    bytes += length;
  }

  /// A performance record.
  void measured(long window, long seq) {
    if (window > newestWindow) {
      newestWindow = window;
      newest = seq;
    }
  }

  /// The record of the newest window, which stays; [Long#MAX_VALUE] if there is none.
  long newest() {
    return newest;
  }

  /// A checkpoint, not closer than `spacingMillis` to the one before.
  void checkpoint(long size, Hash root, long millis, long spacingMillis) {
    long latest = marks.isEmpty() ? Long.MIN_VALUE : marks.getLast().millis();
    if (!marks.isEmpty() && millis < latest + spacingMillis) {
      return;
    }
    marks.add(new Mark(size, root, millis, records, bytes));
    if (marks.size() > MOST) {
      List<Mark> thinned = new ArrayList<>();
      for (int i = 0; i < marks.size(); i++) {
        if (i % 2 == 0) {
          thinned.add(marks.get(i));
        }
      }
      marks.clear();
      marks.addAll(thinned);
    }
  }

  /// The feed was cut.
  void cut(long size) {
    while (!marks.isEmpty() && marks.getFirst().size() <= size) {
      Mark mark = marks.removeFirst();
      goneRecords = mark.records();
      goneBytes = mark.bytes();
    }
  }

  List<Mark> marks() {
    return marks;
  }

  long freedRecords(Mark mark) {
    return mark.records() - goneRecords;
  }

  long freedBytes(Mark mark) {
    return mark.bytes() - goneBytes;
  }
}
