package io.skein.ledger.log;

import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Who is shown the records that count. Each of the readers is shown each record once, as it
/// becomes durable; and all of them anew once what it was shown no longer counts, or was not all
/// there is.
final class Audience {
  private final LedgerFeeds feeds;
  private final List<Consumer<SignedRecord>> readers = new ArrayList<>();
  private final List<Consumer<SignedRecord>> followers = new ArrayList<>();
  private final List<Runnable> beforeAnew = new ArrayList<>();
  private boolean showing;
  private boolean leftOut;

  Audience(LedgerFeeds feeds) {
    this.feeds = feeds;
  }

  /// See [Ledger#listen].
  void join(Consumer<SignedRecord> reader) {
    replay(reader);
    readers.add(reader);
  }

  /// See [Ledger#follow].
  void follow(Consumer<SignedRecord> reader) {
    followers.add(reader);
  }

  /// See [Ledger#onRetraction].
  void beforeAnew(Runnable listener) {
    beforeAnew.add(listener);
  }

  /// See [Ledger#replay].
  void replay(Consumer<SignedRecord> reader) {
    leftOut |= !feeds.replay(reader);
  }

  /// See [Ledger#replay()].
  Replay replay() {
    return new Replay(feeds, () -> leftOut = true);
  }

  /// Whether something was left out that the disk did not give back, and nothing was shown anew
  /// since.
  boolean missed() {
    return leftOut;
  }

  /// See [Ledger#shown].
  boolean complete() {
    return !showing && !leftOut;
  }

  /// Whoever needs more of the disk than that gives back will be shown all anew.
  private void tell(Consumer<SignedRecord> reader, List<SignedRecord> records) {
    leftOut |= !feeds.given(() -> records.forEach(reader));
  }

  /// Shows what a commit brought.
  ///
  /// @param anew whether all that counts is shown again
  void show(List<SignedRecord> records, boolean anew) {
    showing = true;
    try {
      if (anew) {
        leftOut = false;
        beforeAnew.forEach(Runnable::run);
        readers.forEach(this::replay);
      } else {
        readers.forEach(reader -> tell(reader, records));
        followers.forEach(follower -> tell(follower, records));
      }
    } finally {
      showing = false;
    }
  }
}
