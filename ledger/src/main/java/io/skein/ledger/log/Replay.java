package io.skein.ledger.log;

import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Shows every durable record that counts, once, a part at a time: feed by feed, each in its order
/// and after those that its admission rests on, then, in the same order, what was committed while
/// parts were shown. Over when a retraction comes ([Ledger#onRetraction]). Confined to the ledger's
/// thread.
public final class Replay {
  private final LedgerFeeds feeds;
  private final Runnable leftOut;
  private final Map<FeedId, Long> shown = new HashMap<>();
  private int at;

  /// @param leftOut hears that records could not be read
  Replay(LedgerFeeds feeds, Runnable leftOut) {
    this.feeds = feeds;
    this.leftOut = leftOut;
  }

  /// Goes on from where it stopped; shows one record at least if there is one. `reader` must not
  /// write to the ledger.
  ///
  /// @param goesOn asked after each record
  /// @return whether all records that count now have been shown
  public boolean show(Consumer<SignedRecord> reader, BooleanSupplier goesOn) {
    List<LedgerFeed> all = feeds.all();
    while (true) {
      for (; at < all.size(); at++) {
        LedgerFeed feed = all.get(at);
        if (lacks(feed) && !show(feed, reader, goesOn)) {
          return false;
        }
      }
      at = 0;
      if (all.stream().noneMatch(this::lacks)) {
        if (feeds.incomplete()) {
          leftOut.run();
        }
        return true;
      }
    }
  }

  private boolean lacks(LedgerFeed feed) {
    return shown.getOrDefault(feed.id, 0L) < feed.head().seq();
  }

  /// Whether all of the feed has been shown.
  private boolean show(LedgerFeed feed, Consumer<SignedRecord> reader, BooleanSupplier goesOn) {
    boolean[] stopped = {false};
    boolean whole =
        feeds.show(
            feed,
            shown.getOrDefault(feed.id, 0L) + 1,
            (outline, record) -> {
              shown.put(feed.id, outline.seq());
              record.get().ifPresent(reader);
              stopped[0] = !goesOn.getAsBoolean();
              return !stopped[0];
            });
    if (!whole) {
      leftOut.run();
    }
    if (!stopped[0]) {
      shown.put(feed.id, feed.head().seq());
    }
    return !stopped[0];
  }
}
