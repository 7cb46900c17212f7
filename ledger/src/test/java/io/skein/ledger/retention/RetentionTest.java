package io.skein.ledger.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final long HOUR = 3_600_000;
  private static final long DAY = 24 * HOUR;
  private static final long PER_HOUR = 60;
  private static final Hash SOME =
      Hash.of(
          new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5,
            6, 7, 8
          });

  private final SigningKey key = SigningKey.generate(new SplittableRandom(1));
  private final FeedId feed = new FeedId(key.nodeId(), 1);
  private final Retention retention =
      new Retention(new RetentionLimits(Duration.ofDays(1), 1 << 30, Duration.ofHours(1)));
  private KeptRecords kept = KeptRecords.NONE;
  private long seq;
  private long bytes;

  private SignedRecord add(long millis, Body body) {
    seq++;
    SignedRecord record =
        SignedRecord.sign(
            key, SOME, 1, seq, seq == 1 ? Hash.ZERO : SOME, HybridClock.at(millis), body);
    bytes += record.encodedLength();
    kept = kept.and(record);
    retention.apply(record, true);
    return record;
  }

  /// Measurements at one a minute with a checkpoint each half an hour, from 0 to before `hours`.
  private void hours(int from, int to) {
    for (long minute = from * PER_HOUR; minute < to * PER_HOUR; minute++) {
      add(
          minute * 60_000,
          seq == 0
              ? new Body.Epoch(key.publicKey(), 0)
              : new Body.Performance(minute, List.of(), List.of()));
      if (minute % 30 == 29) {
        add(minute * 60_000 + 1, checkpoint(kept));
      }
    }
  }

  private Body.Checkpoint checkpoint(KeptRecords stated) {
    return new Body.Checkpoint(seq, SOME, SOME, SOME, stated.count(), stated.root(), new byte[64]);
  }

  private static long size(Body.Snapshot snapshot) {
    assertEquals(1, snapshot.cuts().size());
    return snapshot.cuts().getFirst().size();
  }

  @Test
  void nothingGoesBeforeItsTime() {
    hours(0, 24);
    assertEquals(Optional.empty(), retention.proposal(DAY, DAY, bytes));
    hours(24, 30);
    assertEquals(
        Optional.empty(), retention.proposal(30 * HOUR, 30 * HOUR, bytes), "not worth it yet");
    assertEquals(List.of(), retention.due(30 * HOUR, 30 * HOUR, bytes), "nobody proposed it");
  }

  @Test
  void proposesTheNewestCheckpointPastTheAge() {
    hours(0, 48);
    Body.Snapshot proposal = retention.proposal(48 * HOUR, 48 * HOUR, bytes).orElseThrow();
    assertEquals(24 * 62 - 1, size(proposal), "right before the last checkpoint of the first day");
    add(48 * HOUR, proposal);
    assertEquals(
        Optional.empty(), retention.proposal(48 * HOUR + HOUR / 2, 48 * HOUR + HOUR / 2, bytes));
    assertEquals(proposal.cuts(), retention.due(48 * HOUR, 48 * HOUR, bytes));
    retention.cut(feed, size(proposal));
    assertEquals(List.of(), retention.due(48 * HOUR, 48 * HOUR, bytes));
    hours(48, 72);
    assertEquals(48 * 62 - 1, size(retention.proposal(72 * HOUR, 72 * HOUR, bytes).orElseThrow()));
  }

  @Test
  void aNodeMayKeepMoreThanOthers() {
    retention.limits(new RetentionLimits(Duration.ofDays(2), 1 << 30, Duration.ofHours(1)));
    hours(0, 48);
    add(48 * HOUR, new Body.Snapshot(List.of(new Cut(feed, 24 * 62 - 1, Hash.ZERO))));
    assertEquals(List.of(), retention.due(48 * HOUR, 48 * HOUR, bytes));
    List<Cut> later = retention.due(60 * HOUR, 60 * HOUR, bytes);
    assertEquals(1, later.size());
    assertEquals(12 * 62 - 1, later.getFirst().size());
    assertEquals(
        24 * 62 - 1, retention.due(100 * HOUR, 100 * HOUR, bytes).getFirst().size(), "not further");
  }

  @Test
  void tooMuchGoesEarlierButNeverWithinTheFloor() {
    hours(0, 40);
    long all = bytes;
    retention.limits(new RetentionLimits(Duration.ofDays(1), all / 2, Duration.ofHours(1)));
    long half = size(retention.proposal(40 * HOUR, 40 * HOUR, all).orElseThrow());
    assertTrue(half > 18 * 62 && half < 23 * 62, () -> "cut at " + half);
    retention.limits(new RetentionLimits(Duration.ofDays(1), 1, Duration.ofHours(1)));
    assertEquals(39 * 62 - 1, size(retention.proposal(40 * HOUR, 40 * HOUR, all).orElseThrow()));
    retention.limits(new RetentionLimits(Duration.ofDays(1), 1, Duration.ofHours(40)));
    assertEquals(Optional.empty(), retention.proposal(40 * HOUR, 40 * HOUR, all));
  }

  @Test
  void theFloorHoldsAgainstAShortAgeToo() {
    retention.limits(new RetentionLimits(Duration.ofSeconds(1), 1, Duration.ofHours(10)));
    hours(0, 30);
    assertEquals(20 * 62 - 1, size(retention.proposal(30 * HOUR, 30 * HOUR, bytes).orElseThrow()));
  }

  @Test
  void whatReputationsAreComputedFromStaysWhileLedgerTimeStandsStill() {
    hours(0, 30);
    assertEquals(Optional.empty(), retention.proposal(300 * HOUR, HOUR, bytes));
    Body.Snapshot proposal = retention.proposal(300 * HOUR, 30 * HOUR, bytes).orElseThrow();
    assertEquals(29 * 62 - 1, size(proposal));
    add(30 * HOUR, checkpoint(kept));
    long last = size(retention.proposal(300 * HOUR, 300 * HOUR, bytes).orElseThrow());
    assertTrue(last < 30 * 62 - 1, "the record of the newest window stays");
  }

  @Test
  void snapshotsOfStrangersCountForNothing() {
    hours(0, 48);
    retention.apply(
        SignedRecord.sign(
            key,
            SOME,
            1,
            seq + 1,
            SOME,
            HybridClock.at(48 * HOUR),
            new Body.Snapshot(List.of(new Cut(feed, 1_000, Hash.ZERO)))),
        false);
    assertEquals(List.of(), retention.due(48 * HOUR, 48 * HOUR, bytes));
    assertTrue(retention.proposal(48 * HOUR, 48 * HOUR, bytes).isPresent());
  }

  @Test
  void whatIsRememberedIsBounded() {
    FeedMarks marks = new FeedMarks();
    for (int i = 0; i < 10_000; i++) {
      marks.passed(10);
      marks.checkpoint(i + 1, Hash.ZERO, i * 1_000L, 0);
      assertTrue(marks.marks().size() <= FeedMarks.MOST);
    }
    assertTrue(marks.marks().getLast().size() > 9_900);
  }
}
