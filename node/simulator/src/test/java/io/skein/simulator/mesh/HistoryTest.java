package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// A checker that finds nothing proves nothing: each of these histories is known to be bad, but for
/// the first, and must be found so.
class HistoryTest {
  private static final NodeId A = new NodeId(1, 1);
  private static final NodeId B = new NodeId(2, 2);
  private static final FeedId FEED_A = new FeedId(A, 1L << 32);
  private static final FeedId FEED_B = new FeedId(B, 1L << 32);

  @Test
  void aGoodHistoryIsFound() {
    assertEquals(List.of(), validate((_, _) -> {}));
  }

  @Test
  void aLostRecordIsFound() {
    assertFound("0 times", (_, contents) -> contents.onB().removeLast());
  }

  @Test
  void aRecordHeldTwiceIsFound() {
    assertFound("2 times", (_, contents) -> contents.onB().add(contents.onB().getFirst()));
  }

  @Test
  void aWriteHeldTwiceUnderTwoHashesIsFound() {
    assertFound(
        "write writes/a1 2 times",
        (_, contents) -> contents.onB().add(record(FEED_A, 4, 99, "writes/a1")));
  }

  @Test
  void aWriteAcknowledgedTwiceIsFound() {
    assertFound(
        "acknowledged twice",
        (history, _) -> history.visible(A, record(FEED_A, 4, 99, "writes/a1")));
  }

  @Test
  void aRecordNobodyAcknowledgedIsFound() {
    assertFound(
        "nobody acknowledged", (_, contents) -> contents.onA().add(record(FEED_B, 9, 99, "")));
  }

  @Test
  void anotherRecordInTheSamePlaceIsFound() {
    assertFound(
        "fork",
        (history, _) -> {
          history.visible(A, record(FEED_B, 1, 77, ""));
        });
  }

  @Test
  void aGapAndAStepBackAreFound() {
    assertFound("after #3", (history, _) -> history.visible(A, record(FEED_A, 5, 55, "")));
    assertFound("after #3", (history, _) -> history.visible(A, record(FEED_A, 3, 13, "")));
  }

  @Test
  void durableRecordsLostInACrashAreFound() {
    assertFound(
        "lost durable records",
        (history, _) -> {
          history.crashed(A);
          history.visible(A, record(FEED_A, 1, 11, "writes/a1"));
          history.visible(A, record(FEED_A, 2, 12, ""));
          history.reopened(A);
        });
  }

  /// What the two nodes hold at the end.
  private record Contents(List<Visible> onA, List<Visible> onB) {}

  private static void assertFound(String what, BiConsumer<History, Contents> mutation) {
    List<String> found = validate(mutation);
    assertTrue(found.stream().anyMatch(line -> line.contains(what)), found.toString());
  }

  /// Two nodes, three records by A and one by B, all on both; then `mutation`.
  private static List<String> validate(BiConsumer<History, Contents> mutation) {
    List<Visible> byA =
        List.of(
            record(FEED_A, 1, 11, "writes/a1"),
            record(FEED_A, 2, 12, ""),
            record(FEED_A, 3, 13, "writes/a3"));
    List<Visible> byB = List.of(record(FEED_B, 1, 21, "writes/b1"));
    History history = new History();
    byA.forEach(record -> history.visible(A, record));
    byB.forEach(record -> history.visible(B, record));
    byA.forEach(record -> history.visible(B, record));
    List<Visible> all = new ArrayList<>(byB);
    all.addAll(byA);
    Contents contents = new Contents(new ArrayList<>(all), new ArrayList<>(all));
    mutation.accept(history, contents);
    return history.validate(Map.of(A, contents.onA(), B, contents.onB()));
  }

  private static Visible record(FeedId feed, long seq, long hash, String write) {
    return new Visible(
        feed, seq, Hash.of(ByteBuffer.allocate(Hash.BYTES).putLong(hash).array()), write);
  }
}
