package io.skein.ledger.witness;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The newest checkpoints of one feed with their cosignatures. Signatures are verified when
/// somebody asks, each once: opening a long ledger verifies none but the newest.
final class FeedCheckpoints {
  /// Checkpoints kept. One a second at most is made, so that the witnesses' batches, ten seconds
  /// apart, always find theirs.
  static final int MAX_SIZES = 64;

  /// Cosignatures kept that came before the checkpoint they are under.
  static final int MAX_EARLY = 64;

  private final FeedId feed;
  private final LedgerFacts facts;
  private final Consumer<Alarm> onAlarm;
  private final NavigableMap<Long, Entry> entries = new TreeMap<>();
  private final Deque<Early> early = new ArrayDeque<>();
  private SortedMap<NodeId, NodeId> branches = Collections.emptySortedMap();
  private SortedSet<NodeId> witnesses = Collections.emptySortedSet();

  private record Early(SignedRecord record, Cosignature cosignature) {}

  private static final class Entry {
    final SignedRecord record;
    final TreeHead head;
    final SortedMap<NodeId, Seen> seen = new TreeMap<>();
    boolean noteVerified;

    Entry(SignedRecord record, TreeHead head) {
      this.record = record;
      this.head = head;
    }
  }

  private static final class Seen {
    final Cosignature cosignature;
    boolean verified;

    Seen(Cosignature cosignature) {
      this.cosignature = cosignature;
    }
  }

  FeedCheckpoints(FeedId feed, LedgerFacts facts, Consumer<Alarm> onAlarm) {
    this.feed = feed;
    this.facts = facts;
    this.onAlarm = onAlarm;
  }

  /// Takes in one of the feed's checkpoints.
  ///
  /// @param kept the records before it that stay; empty if they are not known, or were compared
  ///   with it when the feed was cut
  void checkpoint(SignedRecord record, Body.Checkpoint checkpoint, Optional<KeptRecords> kept) {
    Optional<Hash> held = rootAt(checkpoint.size());
    if (held.isEmpty()) {
      return;
    }
    if (!held.get().equals(checkpoint.root())) {
      onAlarm.accept(new Alarm.WrongRoot(record, held.get()));
      return;
    }
    if (kept.isPresent() && !checkpoint.commitsTo(kept.get())) {
      onAlarm.accept(new Alarm.WrongKept(record, kept.get()));
      return;
    }
    Entry entry =
        new Entry(record, TreeHead.of(facts.meshId(), feed, checkpoint.size(), checkpoint.root()));
    entries.put(checkpoint.size(), entry);
    List<Early> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(one -> cosigned(one.record(), one.cosignature()));
    if (entries.size() > MAX_SIZES) {
      entries.pollFirstEntry();
    }
  }

  /// Takes in a cosignature under one of the feed's checkpoints.
  void cosigned(SignedRecord record, Cosignature cosignature) {
    Entry entry = entries.get(cosignature.size());
    if (entry != null) {
      if (entry.head.root().equals(cosignature.root())) {
        entry.seen.putIfAbsent(record.author(), new Seen(cosignature));
      } else {
        contradicted(record, cosignature, entry.head.root());
      }
    } else if (entries.isEmpty() || cosignature.size() > entries.firstKey()) {
      early.addLast(new Early(record, cosignature));
      if (early.size() > MAX_EARLY) {
        early.removeFirst();
      }
    }
  }

  private void contradicted(SignedRecord record, Cosignature cosignature, Hash held) {
    TreeHead seen = TreeHead.of(facts.meshId(), feed, cosignature.size(), cosignature.root());
    Optional<PublicKey> key = facts.keyOf(record.author());
    if (key.isPresent() && seen.cosigned(cosignature, key.get())) {
      onAlarm.accept(
          new Alarm.SplitView(feed, cosignature.size(), held, cosignature.root(), record));
    }
  }

  /// Judges cosignatures whose checkpoint should have come, and forgets checkpoints that a newer
  /// one makes superfluous. Returns whether nothing is left to be judged.
  boolean settle() {
    List<Early> waiting = List.copyOf(early);
    early.clear();
    for (Early one : waiting) {
      Optional<Hash> held = rootAt(one.cosignature().size());
      if (held.isEmpty()) {
        early.addLast(one);
      } else if (!held.get().equals(one.cosignature().root())) {
        contradicted(one.record(), one.cosignature(), held.get());
      } else if (treeSize() == one.cosignature().size()) {
        early.addLast(one);
      }
    }
    if (facts.keyOf(feed.author()).isEmpty()) {
      return false; // who the author is has not come yet, or not again
    }
    int enough = Math.min(Witnesses.QUORUM, witnesses().size());
    int best = -1;
    for (Entry entry : List.copyOf(entries.descendingMap().values())) {
      long size = entry.head.size();
      int count = valid(entry).map(SortedMap::size).orElse(-1);
      if (count < 0) {
        entries.remove(size);
        onAlarm.accept(new Alarm.WrongNote(entry.record));
      } else if (best >= enough && count <= best) {
        entries.remove(size);
      } else {
        best = Math.max(best, count);
      }
    }
    return early.isEmpty();
  }

  /// The checkpoint over `seq` records or more with the most cosignatures, of equals the newest.
  Optional<Coverage> coverage(long seq) {
    Optional<Coverage> best = Optional.empty();
    for (Entry entry : entries.tailMap(seq, true).descendingMap().values()) {
      Optional<Coverage> one =
          valid(entry).map(cosignatures -> new Coverage(entry.record, cosignatures));
      if (one.isPresent() && (best.isEmpty() || one.get().count() > best.get().count())) {
        best = one;
      }
    }
    return best;
  }

  /// The checkpoints over more than `size` records that a witness should sign, oldest first: those
  /// dated at `sinceMillis` or later, and the newest.
  List<TreeHead> after(long size, long sinceMillis) {
    List<TreeHead> heads = new ArrayList<>();
    for (Entry entry : entries.tailMap(size, false).values()) {
      boolean newest = entries.lastEntry().getValue() == entry;
      if ((newest || HybridClock.millis(entry.record.hlc()) >= sinceMillis)
          && valid(entry).isPresent()) {
        heads.add(entry.head);
      }
    }
    return heads;
  }

  long newestSize() {
    return entries.isEmpty() ? 0 : entries.lastKey();
  }

  /// The valid cosignatures of the feed's witnesses; empty if the author's own signature fails.
  private Optional<SortedMap<NodeId, Cosignature>> valid(Entry entry) {
    if (!entry.noteVerified) {
      Body.Checkpoint checkpoint = (Body.Checkpoint) entry.record.body();
      if (!facts
          .keyOf(feed.author())
          .map(key -> entry.head.verifies(key, checkpoint.noteSignature()))
          .orElse(false)) {
        return Optional.empty();
      }
      entry.noteVerified = true;
    }
    SortedMap<NodeId, Cosignature> valid = new TreeMap<>();
    for (NodeId witness : witnesses()) {
      Seen seen = entry.seen.get(witness);
      if (seen != null && verified(entry, witness, seen)) {
        valid.put(witness, seen.cosignature);
      }
    }
    return Optional.of(valid);
  }

  private boolean verified(Entry entry, NodeId witness, Seen seen) {
    if (!seen.verified) {
      seen.verified =
          facts.keyOf(witness).map(key -> entry.head.cosigned(seen.cosignature, key)).orElse(false);
      if (!seen.verified) {
        entry.seen.remove(witness);
      }
    }
    return seen.verified;
  }

  SortedSet<NodeId> witnesses() {
    SortedMap<NodeId, NodeId> now = facts.branches();
    if (!now.equals(branches)) {
      branches = now;
      witnesses = Witnesses.of(feed, now);
    }
    return witnesses;
  }

  private Optional<Hash> rootAt(long size) {
    return facts
        .tree(feed)
        .filter(tree -> size <= tree.size())
        .map(tree -> TreeProofs.root(tree, size));
  }

  private long treeSize() {
    return facts.tree(feed).map(TreeHashes::size).orElse(0L);
  }
}
