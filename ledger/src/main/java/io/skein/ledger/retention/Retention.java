package io.skein.ledger.retention;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.FeedMarks.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Decides where feeds may be cut, from the records alone: right before checkpoints of their
/// authors that state rightly which records stay and that are older than the retention, or, where
/// all records are more than the size allows, before the oldest that it takes, but never within the
/// floor.
///
/// *Reputations* must not change by what goes: they look back 64 windows from ledger time, which
/// stands still while nobody measures and which the newest record of every author bears on. So the
/// floor is counted from ledger time, and each feed's record of its newest window stays.
///
/// *Snapshot.* One member proposes cuts to all in a snapshot record, at most [#EVERY_MILLIS] apart
/// and only if it is worth it. A node cuts a feed no further than some snapshot has named, and no
/// further than its own limits say: it may keep more than others.
///
/// Time is the ledger's: Unix milliseconds of the hybrid clock. Holds at most 256 places a feed.
/// Confined to one thread.
public final class Retention {
  /// Least time between two snapshots, if the age is not shorter.
  public static final long EVERY_MILLIS = 3_600_000;

  /// A snapshot is worth it if so many records could go.
  public static final long WORTH_RECORDS = 1_000;

  /// A snapshot is worth it if so many bytes could go.
  public static final long WORTH_BYTES = 1 << 20;

  /// About how much of a feed goes at once, so that a cut takes a fraction of a second.
  private static final long STEP_BYTES = 16 << 20;

  private static final long MOST_SPACING_MILLIS = 600_000;
  private static final int SPACES = 48;

  private final SortedMap<FeedId, FeedMarks> feeds = new TreeMap<>();
  private final SortedMap<FeedId, Long> named = new TreeMap<>();
  private RetentionLimits limits;
  private long snapshotMillis = Long.MIN_VALUE;

  /// @param limits this node's own
  public Retention(RetentionLimits limits) {
    this.limits = limits;
  }

  /// From now on other limits.
  public void limits(RetentionLimits fresh) {
    limits = fresh;
  }

  /// This node's limits.
  public RetentionLimits limits() {
    return limits;
  }

  /// Takes in a record that is held; each feed in its order.
  ///
  /// @param heeded whether its author is a member: others' snapshots count for nothing
  public void apply(SignedRecord record, boolean heeded) {
    FeedMarks feed = feeds.computeIfAbsent(record.feed(), _ -> new FeedMarks());
    long millis = HybridClock.millis(record.hlc());
    if (record.body() instanceof Body.Checkpoint checkpoint
        && checkpoint.size() == record.seq() - 1
        && checkpoint.commitsTo(feed.kept())) {
      feed.checkpoint(checkpoint.size(), checkpoint.root(), millis, spacingMillis());
    }
    if (record.body() instanceof Body.Snapshot snapshot && heeded) {
      snapshotMillis = Math.max(snapshotMillis, millis);
      snapshot.cuts().forEach(cut -> named.merge(cut.feed(), cut.size(), Math::max));
    }
    if (record.body() instanceof Body.Performance measured) {
      feed.measured(measured.window(), record.seq());
    }
    if (RecordType.stays(record.body().type())) {
      feed.stays(record.hash());
    } else {
      feed.passed(record.encodedLength());
    }
  }

  private long spacingMillis() {
    return Math.min(MOST_SPACING_MILLIS, limits.age().toMillis() / SPACES);
  }

  /// Forgets all records.
  public void forget() {
    feeds.clear();
    named.clear();
    snapshotMillis = Long.MIN_VALUE;
  }

  /// A feed was cut.
  public void cut(FeedId feed, long size) {
    Optional.ofNullable(feeds.get(feed)).ifPresent(marks -> marks.cut(size));
  }

  /// When the newest snapshot was written, in Unix milliseconds.
  public Optional<Long> lastSnapshotMillis() {
    return snapshotMillis == Long.MIN_VALUE ? Optional.empty() : Optional.of(snapshotMillis);
  }

  /// When the next snapshot may be written, in Unix milliseconds.
  public Optional<Long> nextSnapshotMillis() {
    return lastSnapshotMillis().map(last -> last + Math.min(EVERY_MILLIS, limits.age().toMillis()));
  }

  /// A snapshot worth writing now.
  ///
  /// @param scoredMillis ledger time of the reputations; at most `nowMillis` counts
  /// @param heldBytes of all records
  public Optional<Body.Snapshot> proposal(long nowMillis, long scoredMillis, long heldBytes) {
    if (nextSnapshotMillis().filter(next -> nowMillis < next).isPresent()) {
      return Optional.empty();
    }
    SortedMap<FeedId, Mark> plan = plan(nowMillis, scoredMillis, heldBytes, false);
    plan.entrySet()
        .removeIf(entry -> entry.getValue().size() <= named.getOrDefault(entry.getKey(), 0L));
    long records = 0;
    long bytes = 0;
    for (var entry : plan.entrySet()) {
      records += marks(entry.getKey()).freedRecords(entry.getValue());
      bytes += marks(entry.getKey()).freedBytes(entry.getValue());
    }
    if (records < WORTH_RECORDS && bytes < WORTH_BYTES) {
      return Optional.empty();
    }
    List<Candidate> most = new ArrayList<>();
    plan.forEach((feed, mark) -> most.add(new Candidate(feed, mark)));
    most.sort(
        Comparator.comparingLong(
            candidate -> -marks(candidate.feed()).freedBytes(candidate.mark())));
    SortedMap<FeedId, Mark> chosen = new TreeMap<>();
    most.stream()
        .limit(Body.Snapshot.MAX_CUTS)
        .forEach(candidate -> chosen.put(candidate.feed(), candidate.mark()));
    return Optional.of(new Body.Snapshot(cuts(chosen)));
  }

  /// Where this node may cut now: named by a snapshot, and outside its own limits. A feed of which
  /// much may go is cut in steps: ask again.
  ///
  /// @param scoredMillis ledger time of the reputations; at most `nowMillis` counts
  /// @param heldBytes of all records
  public List<Cut> due(long nowMillis, long scoredMillis, long heldBytes) {
    return cuts(plan(nowMillis, scoredMillis, heldBytes, true));
  }

  private FeedMarks marks(FeedId feed) {
    return feeds.getOrDefault(feed, new FeedMarks());
  }

  private static List<Cut> cuts(SortedMap<FeedId, Mark> plan) {
    List<Cut> cuts = new ArrayList<>();
    plan.forEach((feed, mark) -> cuts.add(new Cut(feed, mark.size(), mark.root())));
    return cuts;
  }

  private record Candidate(FeedId feed, Mark mark) {}

  /// The furthest cut of each feed that the limits ask for; oldest marks first, so that size takes
  /// no more than it must.
  private SortedMap<FeedId, Mark> plan(
      long nowMillis, long scoredMillis, long heldBytes, boolean onlyNamed) {
    long floor = Math.min(nowMillis, scoredMillis) - limits.floor().toMillis();
    long old = Math.min(floor, nowMillis - limits.age().toMillis());
    List<Candidate> candidates = new ArrayList<>();
    feeds.forEach((feed, marks) -> {
      for (Mark mark : marks.marks()) {
        boolean open = !onlyNamed || mark.size() <= named.getOrDefault(feed, 0L);
        if (open
            && mark.size() < marks.newest()
            && mark.millis() <= floor
            && marks.freedRecords(mark) > 0) {
          candidates.add(new Candidate(feed, mark));
        }
      }
    });
    candidates.sort(
        Comparator.comparingLong((Candidate candidate) -> candidate.mark().millis())
            .thenComparing(Candidate::feed)
            .thenComparingLong(candidate -> candidate.mark().size()));
    SortedMap<FeedId, Mark> plan = new TreeMap<>();
    long excess = heldBytes - limits.sizeBytes();
    for (Candidate candidate : candidates) {
      FeedMarks marks = marks(candidate.feed());
      boolean enough =
          onlyNamed
              && plan.containsKey(candidate.feed())
              && marks.freedBytes(candidate.mark()) > STEP_BYTES;
      if (!enough && (candidate.mark().millis() <= old || excess > 0)) {
        Mark before = plan.put(candidate.feed(), candidate.mark());
        excess -=
            marks.freedBytes(candidate.mark()) - (before == null ? 0 : marks.freedBytes(before));
      }
    }
    return plan;
  }
}
