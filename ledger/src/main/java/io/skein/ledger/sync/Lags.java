package io.skein.ledger.sync;

import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Since when, by [Attention], the ledger has stood still in a feed of which peers say that there
/// is more.
final class Lags {
  private static final int MAX_FEEDS = 16_384;

  private record Lag(long acceptedSeq, long sinceNanos) {}

  private final Ledger ledger;

  /// When it is full, what is news is left out.
  private final Map<FeedId, Lag> lags = new HashMap<>();

  Lags(Ledger ledger) {
    this.ledger = ledger;
  }

  /// A peer says that a feed goes on to `seq`.
  ///
  /// @param sinceNanos since when it counts if this is news
  void told(FeedId feed, long seq, long sinceNanos) {
    long accepted = ledger.acceptedSeq(feed);
    Lag known = lags.get(feed);
    if (seq <= accepted || accepted + 1 >= ledger.frozenAt(feed).orElse(Long.MAX_VALUE)) {
      lags.remove(feed);
    } else if (known == null ? lags.size() < MAX_FEEDS : known.acceptedSeq() < accepted) {
      lags.put(feed, new Lag(accepted, sinceNanos));
    }
  }

  /// Forgets everything: whoever said so may be gone.
  void clear() {
    lags.clear();
  }

  /// Since when; empty if the ledger has gone on meanwhile.
  OptionalLong sinceNanos(FeedId feed) {
    Lag lag = lags.get(feed);
    return lag == null || lag.acceptedSeq() < ledger.acceptedSeq(feed)
        ? OptionalLong.empty()
        : OptionalLong.of(lag.sinceNanos());
  }
}
