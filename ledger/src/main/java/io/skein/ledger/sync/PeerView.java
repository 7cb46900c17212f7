package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.sync.SyncMessage.Entry;
import io.skein.ledger.sync.SyncMessage.Want;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What one live peer has said, what is under way with it, and what it may still cost.
final class PeerView {
  /// A pull that waits for its answer.
  ///
  /// @param heads what the peer had told of the feeds asked for
  record Pending(long id, List<Want> wants, Map<FeedId, Head> heads, long deadlineNanos) {}

  private record Hold(long untilNanos, int times) {}

  private static final int MAX_HEADS = SyncMessage.MAX_HEADS * SyncMessage.MAX_PARTS;

  /// Most feeds held off, forks searched for and proofs remembered as sent.
  private static final int MAX_NOTES = 4_096;

  private static final int MAX_DOUBLINGS = 6;

  /// A peer that has brought something, and whose answers a cut of the network has swallowed since,
  /// is to be asked again soon after its end.
  private static final int MAX_PEER_DOUBLINGS = 3;

  final NodeId id;
  final TokenBucket served;
  final TokenBucket heard;
  final TokenBucket garbage;
  private final long silenceNanos;
  private Map<FeedId, Head> heads = new LinkedHashMap<>();

  /// Those of [#heads] that the ledger was not yet found to have.
  private final Map<FeedId, Head> ahead = new LinkedHashMap<>();

  private Map<FeedId, Head> arriving = new LinkedHashMap<>();
  private int room = MAX_HEADS;
  private int partsArrived;
  private int partsExpected;

  /// Feeds not to be pulled from it before a time.
  private final Map<FeedId, Hold> held = bounded();

  /// Feeds of which its branch may be another than the one held.
  final Map<FeedId, ForkSearch> searches = bounded();

  /// When it was last sent the proof against a feed.
  final Map<FeedId, Long> proofSentNanos = bounded();

  private @Nullable Pending pending;
  boolean answered;
  long askedNanos;
  boolean asked;
  private int failures;
  private boolean brought;
  private boolean passedOver;
  private long passedOverUntilNanos;
  private boolean silenced;
  private long silencedUntilNanos;

  PeerView(NodeId id, PeerLimits limits) {
    this.id = id;
    this.served = new TokenBucket(limits.servedBurstBytes(), limits.servedBytesPerSecond());
    this.heard = new TokenBucket(limits.heardBurstBytes(), limits.heardBytesPerSecond());
    this.garbage = new TokenBucket(limits.garbageBurst(), limits.garbagePerSecond());
    this.silenceNanos = limits.silenceSeconds() * 1_000_000_000L;
  }

  private static <V> Map<FeedId, V> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<FeedId, V> eldest) {
        return size() > MAX_NOTES;
      }
    };
  }

  /// Its heads, in the order in which it told them.
  Map<FeedId, Head> heads() {
    return heads;
  }

  /// How many heads are kept at most.
  void room(int most) {
    room = Math.min(most, MAX_HEADS);
  }

  /// Takes some heads, or a part of all.
  ///
  /// @return whether all heads are known now
  boolean told(SyncMessage.Heads message) {
    if (!message.whole()) {
      message.entries().forEach(this::told);
      return false;
    }
    if (message.part() == 0) {
      arriving = new LinkedHashMap<>();
      partsArrived = 0;
      partsExpected = message.parts();
    }
    if (message.part() != partsArrived || message.parts() != partsExpected) {
      return false; // one was lost: the next exchange brings all again
    }
    partsArrived++;
    for (Entry entry : message.entries()) {
      if (entry.head().seq() > 0 && arriving.size() < room) {
        arriving.put(entry.feed(), entry.head());
      }
    }
    if (partsArrived < message.parts()) {
      return false;
    }
    heads = arriving;
    goneBack();
    arriving = new LinkedHashMap<>();
    return true;
  }

  private void told(Entry entry) {
    Head known = heads.get(entry.feed());
    if (entry.frozen() && known != null && known.seq() >= entry.frozenAt()) {
      heads.remove(entry.feed()); // it went back to before the fork
      ahead.remove(entry.feed());
      known = null;
    }
    if (entry.head().seq() > 0
        && (known == null ? heads.size() < room : known.seq() < entry.head().seq())) {
      heads.put(entry.feed(), entry.head());
      ahead.put(entry.feed(), entry.head());
    }
  }

  /// It has a record, and all before it.
  void has(FeedId feed, long seq, Hash hash) {
    told(new Entry(feed, new Head(seq, hash)));
  }

  /// It has exactly these.
  void inSync(Map<FeedId, Head> same) {
    heads = new LinkedHashMap<>(same);
    goneBack();
  }

  /// Its heads that are ahead of a ledger that has accepted so many records of each feed, in any
  /// order. Costs what was told since the last call, and what is still missing; not all that was
  /// ever told.
  Set<Map.Entry<FeedId, Head>> ahead(ToLongFunction<FeedId> accepted) {
    ahead.entrySet().removeIf(told -> told.getValue().seq() <= accepted.applyAsLong(told.getKey()));
    return Collections.unmodifiableMap(ahead).entrySet();
  }

  /// These of its heads in the order in which it told them.
  List<Map.Entry<FeedId, Head>> inOrder(Collection<Map.Entry<FeedId, Head>> some) {
    Set<FeedId> feeds = new HashSet<>();
    some.forEach(told -> feeds.add(told.getKey()));
    return heads.entrySet().stream().filter(told -> feeds.contains(told.getKey())).toList();
  }

  /// The ledger may have less of any feed than it had.
  void goneBack() {
    ahead.clear();
    ahead.putAll(heads);
  }

  Optional<Pending> pending() {
    return Optional.ofNullable(pending);
  }

  void pulling(Pending pull) {
    pending = pull;
  }

  void pulled() {
    pending = null;
  }

  boolean mayPull(long nowNanos) {
    if (passedOver && nowNanos - passedOverUntilNanos >= 0) {
      passedOver = false;
    }
    return pending == null && !passedOver;
  }

  /// It did not do what it was asked for: it is left alone for a while, longer each time, up to
  /// eight times as long, or 64 times if it has not brought anything since it came into view.
  void failed(long nowNanos, long baseNanos) {
    passedOver = true;
    int doublings = Math.min(failures, brought ? MAX_PEER_DOUBLINGS : MAX_DOUBLINGS);
    passedOverUntilNanos = nowNanos + (baseNanos << doublings);
    failures++;
  }

  void delivered() {
    failures = 0;
  }

  /// The disk refuses records: what it did not do counts no more.
  void excused() {
    failures = 0;
    passedOver = false;
  }

  /// A feed is not asked of it for a while, longer each time until it is released.
  void hold(FeedId feed, long nowNanos, long baseNanos) {
    int times = Optional.ofNullable(held.remove(feed)).map(Hold::times).orElse(0);
    held.put(feed, new Hold(nowNanos + (baseNanos << Math.min(times, MAX_DOUBLINGS)), times + 1));
  }

  boolean held(FeedId feed, long nowNanos) {
    Hold hold = held.get(feed);
    return hold != null && nowNanos - hold.untilNanos() < 0;
  }

  /// It brought something new of a feed.
  void release(FeedId feed) {
    brought = true;
    held.remove(feed);
  }

  /// Somebody was admitted: what had to wait may be welcome now.
  void releaseAll() {
    held.clear();
  }

  /// It sent something worthless.
  ///
  /// @return whether it is silenced by this
  boolean sentGarbage(long nowNanos) {
    if (silenced(nowNanos) || garbage.take(1, nowNanos)) {
      return false;
    }
    silenced = true;
    silencedUntilNanos = nowNanos + silenceNanos;
    return true;
  }

  boolean silenced(long nowNanos) {
    if (silenced && nowNanos - silencedUntilNanos >= 0) {
      silenced = false;
    }
    return silenced;
  }
}
