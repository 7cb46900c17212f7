package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.api.DigestQuery;
import io.skein.api.LedgerAnswer;
import io.skein.api.LedgerQuery;
import io.skein.api.LedgerQuery.Order;
import io.skein.api.view.DigestView;
import io.skein.api.view.Ladder;
import io.skein.api.view.LedgerPageView;
import io.skein.api.view.RecordView;
import io.skein.app.mesh.RecordColumns.Feed;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Searches and digests over the feeds of two nodes' copies of a ledger.
final class LedgerReadingTest {
  private static final byte[] MESH_BYTES = filled(7);
  private static final Hash MESH = Hash.of(MESH_BYTES);
  private static final List<SigningKey> KEYS =
      List.of(
          SigningKey.generate(new Random(1)),
          SigningKey.generate(new Random(2)),
          SigningKey.generate(new Random(3)));

  private final Copy one = new Copy();
  private final Copy other = new Copy();

  /// What a node holds.
  private static final class Copy implements LedgerSearch.Source {
    final RecordColumns columns = new RecordColumns();
    final Map<FeedId, List<SignedRecord>> feeds = new HashMap<>();
    int reads;

    void take(SignedRecord record) {
      columns.add(record);
      feeds.computeIfAbsent(record.feed(), _ -> new ArrayList<>()).add(record);
    }

    @Override
    public Optional<SignedRecord> record(Feed feed, long seq) {
      reads++;
      return Optional.ofNullable(feeds.get(feed.id())).map(records -> records.get((int) seq - 1));
    }

    @Override
    public RecordView view(SignedRecord record) {
      return new RecordView(
          record.hash().toString(),
          record.author().toString(),
          "",
          "0",
          record.seq(),
          record.prev().toString(),
          Long.toUnsignedString(record.hlc()),
          Instant.ofEpochMilli(HybridClock.millis(record.hlc())),
          record.body().typeName(),
          new JsonObject(),
          "local",
          Ladder.LOCAL,
          "",
          record.encodedLength());
    }

    LedgerPageView read(LedgerQuery query, int... types) {
      return read(columns.feeds(), query, types);
    }

    LedgerPageView read(Collection<Feed> scope, LedgerQuery query, int... types) {
      BitSet codes = new BitSet();
      for (int type : types) {
        codes.set(type);
      }
      LedgerSearch search =
          new LedgerSearch(
              query,
              scope,
              codes,
              query.subject().map(text -> new RecordSubjects(text, Optional.empty())),
              query.cursor().map(text -> LedgerCursor.parse(text, MESH_BYTES).orElseThrow()),
              MESH_BYTES,
              this);
      while (!search.turn()) {}
      return switch (search.page()) {
        case LedgerAnswer.Found<LedgerPageView>(LedgerPageView page) -> page;
        case LedgerAnswer.Refused<LedgerPageView> refused ->
            throw new AssertionError(refused.detail());
      };
    }

    DigestView digest(Optional<Instant> since, Optional<Instant> until, Duration step) {
      LedgerDigest digest =
          new LedgerDigest(
              new DigestQuery(
                  Optional.empty(), since, until, Optional.of(step).filter(one -> !one.isZero())),
              columns.feeds(),
              "",
              _ -> "",
              (feed, seq) -> record(feed, seq).map(SignedRecord::hash));
      while (!digest.turn()) {}
      return digest.view();
    }
  }

  /// The next record of an author, at a second, of a type.
  private static SignedRecord next(Copy copy, SigningKey key, long second, Body body) {
    FeedId feed = new FeedId(key.nodeId(), 5);
    List<SignedRecord> held = copy.feeds.getOrDefault(feed, List.of());
    return SignedRecord.sign(
        key,
        MESH,
        5,
        held.size() + 1,
        held.isEmpty() ? Hash.ZERO : held.getLast().hash(),
        HybridClock.at(second * 1_000),
        body);
  }

  private static Body heal(String subject) {
    return new Body.Heal("set-aside", subject, "endpoint", "dead", "", Hash.ZERO);
  }

  private static Body window(long second) {
    return new Body.Performance(second, List.of(), List.of());
  }

  /// Every second each author writes; the first also repairs something every tenth.
  private void write(long seconds) {
    for (long second = 1; second <= seconds; second++) {
      for (SigningKey key : KEYS) {
        boolean repairs = key == KEYS.getFirst() && second % 10 == 0;
        SignedRecord record =
            next(one, key, second, repairs ? heal("web/" + second) : window(second));
        one.take(record);
        other.take(record);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 1_000})
  void pagesInEitherOrderHaveEveryRecordOnce(int limit) {
    write(50);
    List<String> forth = all(one, query(Order.OLDEST, limit));
    List<String> back = all(other, query(Order.NEWEST, limit));

    assertEquals(150, forth.size());
    assertEquals(150, new HashSet<>(forth).size());
    assertEquals(forth, back.reversed());
  }

  @Test
  void recordsComeInTheOrderOfLedgerTime() {
    write(20);
    List<RecordView> page = one.read(query(Order.OLDEST, 60)).records();

    assertEquals(page.stream().sorted(Comparator.comparing(RecordView::at)).toList(), page);
  }

  @Test
  void aCursorGoesOnAtAnotherNodeWithWhatItDoesNotHoldYet() {
    write(10);
    String since = one.read(query(Order.OLDEST, 1_000)).since().orElseThrow();
    assertEquals(List.of(), other.read(after(since)).records());

    SignedRecord early = next(other, KEYS.get(1), 3, window(3));
    other.take(early);
    assertEquals(
        List.of(early.hash().toString()),
        other.read(after(since)).records().stream().map(RecordView::hash).toList());

    // A node that has less gives nothing, and does not forget what was read elsewhere.
    String further = other.read(after(since)).since().orElseThrow();
    LedgerPageView behind = one.read(after(further));
    assertEquals(List.of(), behind.records());
    assertEquals(further, behind.since().orElseThrow());
  }

  @Test
  void theNewestPageTellsWhatIsNewAfterIt() {
    write(10);
    String since = one.read(query(Order.NEWEST, 1)).since().orElseThrow();

    assertEquals(List.of(), one.read(after(since)).records());
    one.take(next(one, KEYS.getFirst(), 11, window(11)));
    assertEquals(1, one.read(after(since)).records().size());
  }

  @Test
  void timesBoundAReadingInBothOrders() {
    write(100);
    for (Order order : Order.values()) {
      LedgerQuery query =
          new LedgerQuery(
              Optional.empty(),
              List.of(),
              Optional.empty(),
              Optional.of(Instant.ofEpochSecond(40)),
              Optional.of(Instant.ofEpochSecond(60)),
              Optional.empty(),
              order,
              7);
      List<String> found = all(one, query);
      assertEquals(60, found.size());
      assertEquals(60, new HashSet<>(found).size());
    }
  }

  @Test
  void whatTypeAndTimeRuleOutIsNotRead() {
    write(200);
    LedgerPageView heals = one.read(query(Order.NEWEST, 1_000), RecordType.HEAL);

    assertEquals(20, heals.records().size());
    assertEquals(20, one.reads);
    assertEquals(600, heals.examined());
  }

  @Test
  void aSubjectIsAnEndpointOrItsService() {
    write(200);

    assertEquals(1, one.read(subject("web/70")).records().size());
    assertEquals(20, one.read(subject("web")).records().size());
    assertEquals(0, one.read(subject("we")).records().size());
  }

  @Test
  void oneCallLooksAtNoMoreThanItMayAndTheNextGoesOn() {
    write(1_400);
    LedgerPageView first = one.read(subject("web/1400", Order.OLDEST));

    assertEquals(LedgerSearch.MAX_TURNS * LedgerSearch.TURN_READS, first.examined());
    assertEquals(List.of(), first.records());
    assertEquals(4_200 - first.examined(), first.remaining());
    LedgerPageView second =
        one.read(
            new LedgerQuery(
                Optional.empty(),
                List.of(),
                Optional.of("web/1400"),
                Optional.empty(),
                Optional.empty(),
                first.next(),
                Order.OLDEST,
                100));
    assertEquals(1, second.records().size());
    assertTrue(second.next().isEmpty());
  }

  @Test
  void aClockSetBackDoesNotTakeARecordOutOfItsPlace() {
    write(10);
    SignedRecord back = next(one, KEYS.getFirst(), 2, window(2));
    one.take(back);
    LedgerQuery late =
        new LedgerQuery(
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.of(Instant.ofEpochSecond(10)),
            Optional.empty(),
            Optional.empty(),
            Order.OLDEST,
            100);

    assertTrue(
        one.read(late).records().stream().anyMatch(r -> r.hash().equals(back.hash().toString())));
  }

  @Test
  void digestsAreEqualForEqualRecordsAndTellWhereNodesDiffer() {
    write(100);
    Duration step = Duration.ofSeconds(10);
    DigestView mine = one.digest(Optional.empty(), Optional.empty(), step);
    assertEquals(mine, other.digest(Optional.empty(), Optional.empty(), step));
    assertEquals(300, mine.records());
    assertEquals(11, mine.buckets().size());
    assertEquals(300, mine.buckets().stream().mapToLong(DigestView.Bucket::records).sum());

    other.take(next(other, KEYS.get(2), 101, window(101)));
    DigestView more = other.digest(Optional.empty(), Optional.empty(), step);
    assertNotEquals(mine.digest(), more.digest());
    assertEquals(mine.buckets().subList(0, 10), more.buckets().subList(0, 10));
    assertNotEquals(mine.buckets().getLast(), more.buckets().getLast());
    Optional<Instant> until = Optional.of(Instant.ofEpochSecond(100));
    assertEquals(
        one.digest(Optional.empty(), until, Duration.ZERO),
        other.digest(Optional.empty(), until, Duration.ZERO));
  }

  @Test
  void bucketsDoNotDependOnWhenTheyWereAskedFor() {
    write(100);
    Duration step = Duration.ofSeconds(10);
    List<DigestView.Bucket> early =
        one.digest(Optional.of(Instant.ofEpochSecond(31)), Optional.empty(), step).buckets();
    List<DigestView.Bucket> late =
        other.digest(Optional.of(Instant.ofEpochSecond(38)), Optional.empty(), step).buckets();

    assertEquals(early, late);
    assertEquals(Instant.ofEpochSecond(30), early.getFirst().since());
  }

  @Test
  void aDigestOfTooManyBucketsIsRefused() {
    write(1);
    one.take(next(one, KEYS.getFirst(), 100_000, window(100_000)));

    assertThrows(
        IllegalArgumentException.class,
        () -> one.digest(Optional.empty(), Optional.empty(), Duration.ofSeconds(1)));
  }

  @Test
  void columnsTakeFeedsInOrderOnlyAndCountThem() {
    write(3);
    assertEquals(9, one.columns.records());
    assertEquals(
        new RecordColumns.Tally(9, one.columns.bytes()),
        one.columns.types().get(RecordType.PERFORMANCE));
    SignedRecord known = one.feeds.values().iterator().next().getFirst();
    assertThrows(IllegalArgumentException.class, () -> one.columns.add(known));
    one.columns.clear();
    assertEquals(0, one.columns.records());
    one.columns.add(known);
    assertEquals(1, one.columns.records());
  }

  private static List<String> all(Copy copy, LedgerQuery first) {
    List<String> hashes = new ArrayList<>();
    Set<String> cursors = new HashSet<>();
    Optional<LedgerQuery> query = Optional.of(first);
    while (query.isPresent()) {
      LedgerPageView page = copy.read(query.get());
      page.records().forEach(record -> hashes.add(record.hash()));
      page.next().ifPresent(next -> assertTrue(cursors.add(next)));
      query =
          page.next()
              .map(next ->
                  new LedgerQuery(
                      first.author(),
                      first.types(),
                      first.subject(),
                      first.since(),
                      first.until(),
                      Optional.of(next),
                      first.order(),
                      first.limit()));
    }
    return hashes;
  }

  private static LedgerQuery query(Order order, int limit) {
    return new LedgerQuery(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        order,
        limit);
  }

  private static LedgerQuery after(String cursor) {
    return new LedgerQuery(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(cursor),
        Order.OLDEST,
        100);
  }

  private static LedgerQuery subject(String subject) {
    return subject(subject, Order.NEWEST);
  }

  private static LedgerQuery subject(String subject, Order order) {
    return new LedgerQuery(
        Optional.empty(),
        List.of(),
        Optional.of(subject),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        order,
        1_000);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[Hash.BYTES];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
