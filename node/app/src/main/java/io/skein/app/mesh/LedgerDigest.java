package io.skein.app.mesh;

import io.skein.api.DigestQuery;
import io.skein.api.view.DigestView;
import io.skein.app.mesh.RecordColumns.Feed;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Digests of stretches of ledger time; see [DigestView]. Costs one record read for each feed and
/// bucket in which it wrote: so it works in turns of [#TURN_READS]. On the mesh thread.
final class LedgerDigest {
  static final int TURN_READS = 64;

  /// Feeds times buckets at most.
  static final int MAX_CELLS = 20_000;

  static final int MAX_BUCKETS = 1_000;

  private final List<Feed> feeds;
  private final Hashes hashes;
  private final Optional<Instant> since;
  private final Optional<Instant> until;
  private final long stepMillis;
  private final long[] edges;
  private final String headsRoot;
  private final Function<FeedId, String> names;
  private final List<DigestView.Bucket> buckets = new ArrayList<>();
  private int bucket;

  /// Where hashes come from.
  interface Hashes {
    /// The record's hash, unless it cannot be read any more.
    Optional<Hash> hash(Feed feed, long seq);
  }

  /// @throws IllegalArgumentException if that is too much at once
  LedgerDigest(
      DigestQuery query,
      Collection<Feed> feeds,
      String headsRoot,
      Function<FeedId, String> names,
      Hashes hashes) {
    this.feeds = List.copyOf(feeds);
    this.hashes = hashes;
    this.names = names;
    this.headsRoot = headsRoot;
    this.stepMillis = query.step().map(step -> step.toMillis()).orElse(0L);
    this.since = query.since().map(this::down);
    this.until = query.until().map(this::up);
    long most = MAX_CELLS / Math.max(1, this.feeds.size());
    this.edges = stepMillis == 0 ? new long[0] : edges(Math.min(most, MAX_BUCKETS));
    if (most < 1) {
      throw new IllegalArgumentException(
          this.feeds.size() + " feeds are too many for one digest; ask author by author");
    }
  }

  private Instant down(Instant moment) {
    long millis = moment.toEpochMilli();
    return Instant.ofEpochMilli(
        stepMillis == 0 ? millis : Math.floorDiv(millis, stepMillis) * stepMillis);
  }

  private Instant up(Instant moment) {
    long millis = moment.toEpochMilli();
    return Instant.ofEpochMilli(
        stepMillis == 0 ? millis : Math.ceilDiv(millis, stepMillis) * stepMillis);
  }

  /// Edges of the buckets, from the first record in the stretch to the last.
  private long[] edges(long most) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Feed feed : feeds) {
      long from = from(feed);
      long to = to(feed);
      if (from <= to) {
        first = Math.min(first, feed.millis(from));
        last = Math.max(last, feed.millis(to));
      }
    }
    if (first > last) {
      return new long[0];
    }
    long begin = Math.floorDiv(first, stepMillis);
    long count = Math.floorDiv(last, stepMillis) - begin + 1;
    if (count > most) {
      throw new IllegalArgumentException(
          count
              + " buckets are too many for "
              + feeds.size()
              + " feeds (at most "
              + most
              + "); ask for a longer step, a shorter time or author by author");
    }
    long[] edges = new long[(int) count + 1];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = (begin + i) * stepMillis;
    }
    return edges;
  }

  private long from(Feed feed) {
    return since.map(at -> feed.from(at.toEpochMilli())).orElse(feed.first());
  }

  private long to(Feed feed) {
    return until.map(at -> feed.from(at.toEpochMilli())).orElse(feed.last() + 1) - 1;
  }

  /// Goes on for a turn.
  ///
  /// @return whether all buckets are done
  boolean turn() {
    for (int reads = 0; bucket < edges.length - 1; bucket++) {
      if (reads >= TURN_READS) {
        return false;
      }
      Sum sum = new Sum();
      for (Feed feed : feeds) {
        long first = Math.max(from(feed), feed.from(edges[bucket]));
        long last = Math.min(to(feed), feed.from(edges[bucket + 1]) - 1);
        if (first <= last) {
          sum.add(feed, first, last);
          reads++;
        }
      }
      if (sum.records > 0) {
        buckets.add(
            new DigestView.Bucket(
                Instant.ofEpochMilli(edges[bucket]),
                Instant.ofEpochMilli(edges[bucket + 1]),
                sum.records,
                sum.hex()));
      }
    }
    return true;
  }

  /// The whole stretch with its buckets.
  DigestView view() {
    Sum sum = new Sum();
    List<DigestView.Feed> parts = new ArrayList<>();
    for (Feed feed : feeds) {
      long first = from(feed);
      long last = to(feed);
      if (first <= last) {
        String hash = sum.add(feed, first, last);
        parts.add(
            new DigestView.Feed(
                feed.id().author().toString(),
                names.apply(feed.id()),
                Long.toUnsignedString(feed.id().epoch()),
                first,
                last,
                last - first + 1,
                hash));
      }
    }
    return new DigestView(headsRoot, since, until, sum.records, sum.hex(), parts, buckets);
  }

  private final class Sum {
    private final MessageDigest digest = sha256();
    private long records;

    String add(Feed feed, long first, long last) {
      Hash hash = hashes.hash(feed, last).orElse(Hash.ZERO);
      digest.update(feed.id().author().toBytes());
      digest.update(
          ByteBuffer.allocate(3 * Long.BYTES)
              .putLong(feed.id().epoch())
              .putLong(first)
              .putLong(last)
              .array());
      digest.update(hash.toBytes());
      records += last - first + 1;
      return hash.toString();
    }

    String hex() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
