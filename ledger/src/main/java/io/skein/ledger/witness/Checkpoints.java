package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What the checkpoints and cosignatures in the ledger amount to: which records are covered, how
/// often each checkpoint was witnessed, and which statements contradict each other.
///
/// A function of the records applied, in whatever order of feeds; only cosignatures of a feed's
/// [witnesses][Witnesses] count, by the members and their branches as they are now. Bounded: for
/// each feed the newest [FeedCheckpoints#MAX_SIZES] checkpoints at most and usually one or two, the
/// newest [ReputationRoots#MAX] heads, the newest [#MAX_ALARMS] alarms.
///
/// Confined to the ledger's thread. Records must be durable, and the [trees][LedgerFacts#tree] hold
/// them, before they are applied.
public final class Checkpoints {
  /// Alarms kept.
  public static final int MAX_ALARMS = 64;

  /// Feeds not held of which cosignatures are kept.
  private static final int MAX_STRANGERS = 256;

  private final LedgerFacts facts;
  private final Consumer<Alarm> onAlarm;
  private final TreeMap<FeedId, FeedCheckpoints> feeds = new TreeMap<>();
  private final TreeMap<FeedId, KeptSoFar> kept = new TreeMap<>();
  private final TreeSet<FeedId> strangers = new TreeSet<>();
  private final TreeSet<FeedId> unsettled = new TreeSet<>();
  private final ReputationRoots reputations = new ReputationRoots();
  private final Deque<Alarm> alarms = new ArrayDeque<>();
  private final TreeMap<String, Long> alarmCounts = new TreeMap<>();

  /// @param onAlarm hears of each new alarm once
  public Checkpoints(LedgerFacts facts, Consumer<Alarm> onAlarm) {
    this.facts = facts;
    this.onAlarm = onAlarm;
  }

  /// Takes in a durable record, each feed in its order.
  public void apply(SignedRecord record) {
    KeptSoFar soFar = kept.computeIfAbsent(record.feed(), _ -> new KeptSoFar());
    if (record.body() instanceof Body.Checkpoint checkpoint) {
      boolean behindCut = facts.cutSize(record.feed()) == checkpoint.size();
      Optional<KeptRecords> held = behindCut ? Optional.empty() : soFar.before(record);
      feed(record.feed()).checkpoint(record, checkpoint, held);
      if (facts.members().contains(record.author())) {
        reputations
            .told(checkpoint.headsRoot(), checkpoint.repRoot(), record.author(), record.hlc())
            .ifPresent(this::alarm);
      }
    } else if (record.body() instanceof Body.Cosign cosign) {
      for (Cosignature cosignature : cosign.cosignatures()) {
        FeedId feed = cosignature.feed();
        if (!feed.author().equals(record.author()) && (feeds.containsKey(feed) || expected(feed))) {
          feed(feed).cosigned(record, cosignature);
        }
      }
    }
    soFar.apply(record, facts.cutSize(record.feed()));
  }

  /// The records of a feed that stay, as far as it was shown; empty if records in between could not
  /// be read.
  public Optional<KeptRecords> kept(FeedId feed) {
    return Optional.ofNullable(kept.get(feed)).flatMap(KeptSoFar::kept);
  }

  /// Whether to keep cosignatures under a feed's checkpoints before there are any here: the feed is
  /// held, or it may still come.
  private boolean expected(FeedId feed) {
    strangers.removeIf(one -> facts.tree(one).isPresent());
    return facts.tree(feed).isPresent()
        || (strangers.size() < MAX_STRANGERS && strangers.add(feed));
  }

  private FeedCheckpoints feed(FeedId id) {
    unsettled.add(id);
    return feeds.computeIfAbsent(id, _ -> new FeedCheckpoints(id, facts, this::alarm));
  }

  /// Notes the reputations this node computed itself from the heads it holds.
  public void computed(Hash headsRoot, Hash repRoot, NodeId self, long hlc) {
    reputations.told(headsRoot, repRoot, self, hlc).ifPresent(this::alarm);
  }

  /// Judges what came since the last call. To be called after the records that a ledger begins
  /// with, and every second or so.
  public void settle() {
    unsettled.removeIf(
        id -> Optional.ofNullable(feeds.get(id)).map(FeedCheckpoints::settle).orElse(true));
  }

  /// Forgets all but the alarms.
  void forget() {
    feeds.clear();
    kept.clear();
    strangers.clear();
    unsettled.clear();
    reputations.clear();
  }

  private void alarm(Alarm alarm) {
    if (alarms.contains(alarm)) {
      return;
    }
    alarmCounts.merge(alarm.kind(), 1L, Long::sum);
    alarms.addFirst(alarm);
    if (alarms.size() > MAX_ALARMS) {
      alarms.removeLast();
    }
    onAlarm.accept(alarm);
  }

  /// The best checkpoint that covers a record: the one with the most cosignatures, of equals the
  /// newest. Empty if none covers it yet.
  public Optional<Coverage> coverage(FeedId feed, long seq) {
    return Optional.ofNullable(feeds.get(feed)).flatMap(held -> held.coverage(seq));
  }

  /// The best checkpoint of the newest size; empty if there is none.
  public Optional<Coverage> newest(FeedId feed) {
    return Optional.ofNullable(feeds.get(feed)).flatMap(held -> held.coverage(held.newestSize()));
  }

  /// What a witness of a feed should sign next, oldest first.
  List<TreeHead> after(FeedId feed, long size, long sinceMillis) {
    return Optional.ofNullable(feeds.get(feed))
        .map(held -> held.after(size, sinceMillis))
        .orElse(List.of());
  }

  /// Feeds that `witness` witnesses and that have a checkpoint.
  List<FeedId> witnessedBy(NodeId witness) {
    return feeds.entrySet().stream()
        .filter(entry ->
            entry.getValue().newestSize() > 0 && entry.getValue().witnesses().contains(witness))
        .map(Map.Entry::getKey)
        .toList();
  }

  long newestSize(FeedId feed) {
    return Optional.ofNullable(feeds.get(feed)).map(FeedCheckpoints::newestSize).orElse(0L);
  }

  /// The newest alarms, newest first.
  public List<Alarm> alarms() {
    return List.copyOf(alarms);
  }

  /// Alarms since the start, by kind.
  public Map<String, Long> alarmCounts() {
    return Collections.unmodifiableMap(alarmCounts);
  }
}
