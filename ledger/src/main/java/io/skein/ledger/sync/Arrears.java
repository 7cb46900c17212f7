package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Unverified;
import io.skein.ledger.record.FeedId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// Verifies the signatures of records that were [taken on the word][Ledger#vouch] of a later one:
/// some at a time, when nothing is pulled any more, or the oldest have waited for long enough.
///
/// A wrong one is laid at the door of the peer it came from. Of that peer, and of that feed,
/// nothing is taken that way any more: each of them can have the ledger go back once, and what
/// comes from then on is verified before it enters.
final class Arrears {
  /// What is verified in one turn: some milliseconds' worth.
  static final int TURN = 256;

  /// With more than that to verify nothing more is taken on anybody's word.
  static final long MOST = 1 << 18;

  private static final int SHARE = 32;
  private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long QUIET_NANOS = Duration.ofMillis(100).toNanos();

  /// A record that cannot be read may be read again, or brought by a peer; if it is not within this
  /// time, it goes.
  private static final long UNREAD_NANOS = Duration.ofSeconds(10).toNanos();

  private static final long AGAIN_NANOS = Duration.ofMillis(200).toNanos();
  private static final int MAX_NOTES = 1_024;

  /// A record that should not have been taken.
  ///
  /// @param from who sent it, if somebody did
  record Wrong(FeedId feed, long seq, Optional<NodeId> from) {}

  private final Ledger ledger;
  private final Workers workers;
  private final SignatureCheck check;
  private final Map<FeedId, TreeMap<Long, NodeId>> sources = new TreeMap<>();
  private final Set<FeedId> feeds = bounded();
  private final Set<NodeId> peers = bounded();
  private boolean open;
  private long sinceNanos;
  private long busyNanos;
  private OptionalLong unreadNanos = OptionalLong.empty();
  private long againNanos;

  Arrears(Ledger ledger, Workers workers, SignatureCheck check) {
    this.ledger = ledger;
    this.workers = workers;
    this.check = check;
  }

  private static <T> Set<T> bounded() {
    return Collections.newSetFromMap(
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<T, Boolean> eldest) {
            return size() > MAX_NOTES;
          }
        });
  }

  /// Whether records of a feed may be taken from a peer on the word of a later one. Never of this
  /// node's own: it goes on where they end, and could not go back.
  boolean allowed(FeedId feed, NodeId from) {
    return !feed.author().equals(ledger.self())
        && !feeds.contains(feed)
        && !peers.contains(from)
        && !ledger.frozen(feed)
        && ledger.openSignatures().count() < MOST;
  }

  /// A record was taken.
  void took(FeedId feed, long seq, NodeId from, long nowNanos) {
    if (!open) {
      open = true;
      sinceNanos = nowNanos;
    }
    TreeMap<Long, NodeId> held = sources.computeIfAbsent(feed, _ -> new TreeMap<>());
    Map.Entry<Long, NodeId> last = held.lastEntry();
    if (last == null || !last.getValue().equals(from)) {
      held.put(seq, from);
    }
  }

  /// Whether there is anything to verify, now or later.
  boolean open() {
    return open;
  }

  /// Records come or go: that is more urgent.
  void busy(long nowNanos) {
    busyNanos = nowNanos;
  }

  /// An author wants its own feeds back: they are verified now, and first.
  void hurry(NodeId author) {
    ledger.openSignatures().hurry(author);
  }

  /// Whether there is something to verify now.
  ///
  /// @param pulling whether an answer is waited for
  boolean due(boolean pulling, long nowNanos) {
    boolean quiet = !pulling && nowNanos - busyNanos >= QUIET_NANOS;
    return open
        && (unreadNanos.isEmpty() || nowNanos - againNanos >= 0)
        && (ledger.openSignatures().hurried() || quiet || nowNanos - sinceNanos >= PATIENCE_NANOS);
  }

  /// Verifies some.
  Optional<Wrong> verify(long nowNanos) {
    Optional<Unverified> next = ledger.openSignatures().some(TURN);
    if (next.isEmpty()) {
      if (ledger.openSignatures().count() == 0) {
        open = false;
        sources.clear();
      }
      return Optional.empty();
    }
    Unverified records = next.get();
    if (records.records().isEmpty() && waitsForTheDisk(nowNanos)) {
      return Optional.empty();
    }
    unreadNanos = OptionalLong.empty();
    int right = right(records);
    ledger.openSignatures().verified(records, right);
    if (right == records.records().size() && right > 0) {
      return Optional.empty();
    }
    long seq = records.fromSeq() + right;
    if (records.records().isEmpty()) {
      return Optional.empty(); // not readable any more: it is fetched again, and nobody's fault
    }
    TreeMap<Long, NodeId> held = sources.getOrDefault(records.feed(), new TreeMap<>());
    Optional<NodeId> from = Optional.ofNullable(held.floorEntry(seq)).map(Map.Entry::getValue);
    held.tailMap(seq).clear();
    feeds.add(records.feed());
    from.ifPresent(peers::add);
    return Optional.of(new Wrong(records.feed(), seq, from));
  }

  private boolean waitsForTheDisk(long nowNanos) {
    if (unreadNanos.isEmpty()) {
      unreadNanos = OptionalLong.of(nowNanos);
    }
    againNanos = nowNanos + AGAIN_NANOS;
    return nowNanos - unreadNanos.getAsLong() < UNREAD_NANOS;
  }

  /// How many from the first on are signed as they have to be.
  private int right(Unverified records) {
    List<byte[]> encoded = records.records();
    boolean[] right = new boolean[encoded.size()];
    List<Runnable> tasks = new ArrayList<>();
    for (int from = 0; from < right.length; from += SHARE) {
      int start = from;
      int end = Math.min(right.length, from + SHARE);
      tasks.add(() -> {
        for (int i = start; i < end; i++) {
          right[i] = check.holds(records.key(), encoded.get(i));
        }
      });
    }
    workers.run(tasks);
    int count = 0;
    while (count < right.length && right[count]) {
      count++;
    }
    return count;
  }
}
