package io.skein.ledger.log;

import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeSet;

/// The root of a set of heads: SHA-256 over the deterministic CBOR of `[[author, epoch, seq, hash],
/// …]`, sorted by author, then by epoch without sign. A feed frozen by a fork has a fifth item, the
/// first seq that does not count: `[author, epoch, seq, hash, frozen at]`; if nothing of it counts
/// or nothing is held, its seq is 0 and its hash 32 zero bytes. Equal roots mean that the same
/// records count.
public final class HeadVector {
  private static final Head NONE = new Head(0, Hash.ZERO);

  private HeadVector() {}

  /// The root of `heads` when no feed is frozen.
  public static Hash root(SortedMap<FeedId, Head> heads) {
    return root(heads, Collections.emptySortedMap());
  }

  /// The root of `heads`, with the feeds that are `frozen` and where.
  public static Hash root(SortedMap<FeedId, Head> heads, SortedMap<FeedId, Long> frozen) {
    TreeSet<FeedId> feeds = new TreeSet<>(heads.keySet());
    feeds.addAll(frozen.keySet());
    CborWriter out = new CborWriter(16 + 82 * feeds.size()).array(feeds.size());
    for (FeedId feed : feeds) {
      Head head = heads.getOrDefault(feed, NONE);
      Long at = frozen.get(feed);
      out.array(at == null ? 4 : 5)
          .bytes(feed.author().toBytes())
          .unsigned(feed.epoch())
          .integer(head.seq())
          .bytes(head.hash().toBytes());
      if (at != null) {
        out.integer(at);
      }
    }
    return Sha256.of(out.toBytes());
  }
}
