package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.sync.SyncMessage.Entry;
import io.skein.ledger.sync.SyncMessage.Want;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one live peer has said, and what is under way with it.
final class PeerView {
  /// A pull that waits for its answer.
  record Pending(long id, List<Want> wants, long deadlineNanos) {}

  private static final int MAX_FEEDS = SyncMessage.MAX_HEADS * SyncMessage.MAX_PARTS;

  final NodeId id;
  private Map<FeedId, Head> heads = new LinkedHashMap<>();
  private Map<FeedId, Head> arriving = new LinkedHashMap<>();
  private int partsArrived;
  private int partsExpected;

  /// Feeds not to be pulled from it before a time.
  private final Map<FeedId, Long> held = new TreeMap<>();

  /// Places where its record may differ from the one held.
  final Map<FeedId, Long> suspects = new TreeMap<>();

  private @Nullable Pending pending;
  boolean answered;
  long askedNanos;
  boolean asked;
  private boolean passedOver;
  private long passedOverUntilNanos;

  PeerView(NodeId id) {
    this.id = id;
  }

  /// Its heads, in the order in which it told them.
  Map<FeedId, Head> heads() {
    return heads;
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
    message.entries().forEach(entry -> arriving.put(entry.feed(), entry.head()));
    if (partsArrived < message.parts()) {
      return false;
    }
    heads = arriving;
    arriving = new LinkedHashMap<>();
    return true;
  }

  private void told(Entry entry) {
    Head known = heads.get(entry.feed());
    if (known == null ? heads.size() < MAX_FEEDS : known.seq() < entry.head().seq()) {
      heads.put(entry.feed(), entry.head());
    }
  }

  /// It has exactly these.
  void inSync(Map<FeedId, Head> same) {
    heads = new LinkedHashMap<>(same);
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

  void passOver(long untilNanos) {
    passedOver = true;
    passedOverUntilNanos = untilNanos;
  }

  void hold(FeedId feed, long untilNanos) {
    held.put(feed, untilNanos);
  }

  boolean held(FeedId feed, long nowNanos) {
    Long until = held.get(feed);
    if (until != null && nowNanos - until >= 0) {
      held.remove(feed);
      return false;
    }
    return until != null;
  }

  /// The ledger has grown: what had to wait may be welcome now.
  void releaseAll() {
    held.clear();
  }
}
