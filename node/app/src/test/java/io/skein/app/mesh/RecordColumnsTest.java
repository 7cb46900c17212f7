package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordColumnsTest {
  private static final int COUNT = 1_000;
  private static final Hash SOME =
      Hash.of(
          new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5,
            6, 7, 8
          });

  private final SigningKey key = SigningKey.generate(new SplittableRandom(1));
  private final List<SignedRecord> records =
      IntStream.rangeClosed(1, COUNT).mapToObj(this::record).toList();

  /// Every tenth record is of a type that stays.
  private SignedRecord record(int seq) {
    Body body =
        seq == 1 || seq % 10 == 0
            ? new Body.Invite(key.publicKey(), 1, 1)
            : new Body.Performance(seq, List.of(), List.of());
    return SignedRecord.sign(
        key, SOME, 1, seq, seq == 1 ? Hash.ZERO : SOME, HybridClock.at(seq * 100L), body);
  }

  private static boolean stays(SignedRecord record) {
    return record.body() instanceof Body.Invite;
  }

  private RecordColumns all() {
    RecordColumns columns = new RecordColumns();
    records.forEach(columns::add);
    return columns;
  }

  private static RecordColumns.Feed only(RecordColumns columns) {
    return columns.feeds().iterator().next();
  }

  private static List<Long> forwards(RecordColumns.Feed feed) {
    List<Long> seqs = new ArrayList<>();
    for (long seq = feed.first(); seq <= feed.last(); seq = feed.atOrAfter(seq + 1)) {
      seqs.add(seq);
    }
    return seqs;
  }

  private static List<Long> backwards(RecordColumns.Feed feed) {
    List<Long> seqs = new ArrayList<>();
    for (long seq = feed.last(); seq >= feed.first(); seq = feed.atOrBefore(seq - 1)) {
      seqs.addFirst(seq);
    }
    return seqs;
  }

  private void check(RecordColumns columns, int size) {
    List<SignedRecord> held =
        records.stream().filter(record -> record.seq() > size || stays(record)).toList();
    RecordColumns.Feed feed = only(columns);
    List<Long> seqs = held.stream().map(SignedRecord::seq).toList();
    assertEquals(seqs, forwards(feed));
    assertEquals(seqs, backwards(feed));
    assertEquals(held.size(), columns.records());
    assertEquals(held.stream().mapToLong(SignedRecord::encodedLength).sum(), columns.bytes());
    assertEquals(
        new RecordColumns.Tally(
            held.stream().filter(RecordColumnsTest::stays).count(),
            held.stream()
                .filter(RecordColumnsTest::stays)
                .mapToLong(SignedRecord::encodedLength)
                .sum()),
        columns.types().get(RecordType.INVITE));
    for (SignedRecord record : held) {
      assertEquals(record.seq() * 100, feed.millis(record.seq()));
      assertEquals(record.body().type(), feed.type(record.seq()));
      assertEquals(record.seq(), feed.from(record.seq() * 100));
    }
    assertEquals(COUNT + 1, feed.from(COUNT * 100L + 1));
    assertEquals(size > 1 ? 0 : RecordType.PERFORMANCE, feed.type(2));
  }

  @Test
  void withoutACutEverythingIsThere() {
    check(all(), 0);
  }

  @Test
  void aCutTakesWhatDoesNotStay() {
    RecordColumns columns = all();
    columns.cut(records.getFirst().feed(), 299);
    check(columns, 299);
    columns.cut(records.getFirst().feed(), 777);
    check(columns, 777);
    columns.cut(records.getFirst().feed(), 500);
    check(columns, 777);
  }

  @Test
  void whatAStoreShowsAfterACutIsTakenIn() {
    RecordColumns columns = new RecordColumns();
    records.stream().filter(record -> record.seq() > 299 || stays(record)).forEach(columns::add);
    check(columns, 299);
    columns.cut(records.getFirst().feed(), 777);
    check(columns, 777);
  }

  @Test
  void aFeedThatIsReenteredLosesWhatTheCutTook() {
    RecordColumns columns = new RecordColumns();
    records.subList(0, 105).forEach(columns::add);
    records.stream()
        .filter(record -> record.seq() > 299 || (record.seq() > 105 && stays(record)))
        .forEach(columns::add);
    check(columns, 299);
    assertThrows(IllegalArgumentException.class, () -> columns.add(records.get(700)));
  }
}
