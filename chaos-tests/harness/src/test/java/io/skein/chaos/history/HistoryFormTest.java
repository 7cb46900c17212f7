package io.skein.chaos.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryFormTest {
  private static final Header HEADER =
      new Header(17, true, List.of("n1", "ñ2"), "{\"faults\":[1,2.50]}", "skein chaos --seed 17");
  private static final String FIRST =
      """
      {"format":"skein-chaos-history/1","seed":1,"virtual":true,"nodes":["n1"],"plan":null,"replay":""}
      """;

  private static Event event(long nanos, int process, Event.Kind kind, String value) {
    return new Event(nanos, process, "n1", kind, "append", value);
  }

  private static byte[] written(List<Event> events) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (HistoryWriter writer = new HistoryWriter(out, HEADER)) {
      for (Event each : events) {
        writer.write(each);
      }
    }
    return out.toByteArray();
  }

  private static History read(String text) throws IOException {
    return HistoryReader.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 1_000);
  }

  @Test
  void whatIsWrittenIsReadAndWrittenAgainByteByByte() throws IOException {
    List<Event> events =
        List.of(
            event(1, 0, Event.Kind.INVOKE, "\"a\\nb\\u2028\""),
            event(2, -1, Event.Kind.INFO, "{\"fault\":1,\"begins\":true}"),
            event(2, 0, Event.Kind.OK, "[1.50,-0,1e9,true,null,{\"x\":{}}]"));
    byte[] bytes = written(events);
    History history = HistoryReader.read(new ByteArrayInputStream(bytes), 3);
    assertEquals(HEADER, history.header());
    assertEquals(3, history.events().size());
    assertArrayEquals(bytes, written(history.events()));
    assertEquals(1, history.operations().size());
    assertTrue(history.operations().getFirst().ok());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | 2 | not an object of 6 members",
        "nonsense | 2 | not JSON",
        "[] | 2 | not an object",
        "{\"nanos\":1,\"process\":0,\"node\":\"n1\",\"kind\":\"OK\",\"function\":\"f\",\"value\":1}"
            + " | 2 | ends what it has not begun",
        "{\"nanos\":1,\"process\":0,\"node\":\"n1\",\"kind\":\"MAYBE\",\"function\":\"f\",\"value\":1}"
            + " | 2 | kind",
        "{\"nanos\":-1,\"process\":0,\"node\":\"n1\",\"kind\":\"OK\",\"function\":\"f\",\"value\":1}"
            + " | 2 | nanos",
        "{\"nanos\":1.5,\"process\":0,\"node\":\"n1\",\"kind\":\"OK\",\"function\":\"f\",\"value\":1}"
            + " | 2 | whole",
        "{\"nanos\":1,\"process\":-2,\"node\":\"n1\",\"kind\":\"OK\",\"function\":\"f\",\"value\":1}"
            + " | 2 | process",
        "{\"nanos\":1,\"process\":0,\"node\":3,\"kind\":\"OK\",\"function\":\"f\",\"value\":1} | 2"
            + " | node: not a string",
        "{\"nanos\":1,\"nanos\":1,\"node\":\"n\",\"kind\":\"OK\",\"function\":\"f\",\"value\":1} |"
            + " 2 | not JSON",
        "{\"nanos\":1,\"process\":0,\"node\":\"n\",\"kind\":\"OK\",\"function\":\"f\",\"colour\":1}"
            + " | 2 | value: missing",
        "{\"nanos\":1,\"process\":0,\"node\":\"n\",\"kind\":\"OK\",\"function\":\"f\",\"value\":1}{}"
            + " | 2 | more than one"
      })
  void whatIsNoEventIsRefusedWithItsLine(String line, long number, String why) {
    MalformedHistory refused =
        assertThrows(MalformedHistory.class, () -> read(FIRST + line + "\n"));
    assertEquals(number, refused.line());
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  @Test
  void whatIsCutOffEmptyTooLongOrNotUtf8IsRefused() {
    assertThrows(MalformedHistory.class, () -> read(""));
    assertThrows(MalformedHistory.class, () -> read(FIRST.strip()));
    assertThrows(MalformedHistory.class, () -> read("{\"format\":\"other\"}\n"));
    assertThrows(MalformedHistory.class, () -> read(FIRST + "[".repeat(10_000) + "\n"));
    String info =
        "{\"nanos\":1,\"process\":-1,\"node\":\"\",\"kind\":\"INFO\",\"function\":\"f\",\"value\":1}\n";
    assertThrows(MalformedHistory.class, () -> read(FIRST + info.repeat(1_001)));
    byte[] bytes = (FIRST + info).getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 5] = (byte) 0xff;
    assertThrows(
        MalformedHistory.class, () -> HistoryReader.read(new ByteArrayInputStream(bytes), 10));
  }

  @Test
  void aHistoryThatContradictsItselfIsRefused() {
    Event begins = event(5, 0, Event.Kind.INVOKE, "1");
    assertThrows(MalformedHistory.class, () -> History.of(HEADER, List.of(begins, begins)));
    assertThrows(
        MalformedHistory.class,
        () -> History.of(HEADER, List.of(begins, event(4, 0, Event.Kind.OK, "1"))));
    assertThrows(
        MalformedHistory.class,
        () ->
            History.of(HEADER, List.of(begins, new Event(6, 0, "n1", Event.Kind.OK, "read", "1"))));
  }

  @Test
  void manyThreadsAreTakenDownInTheOrderOfTime() throws Exception {
    AtomicLong clock = new AtomicLong();
    Recorder recorder = new Recorder(clock::incrementAndGet, 100_000, _ -> {});
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(process ->
                Thread.ofVirtual()
                    .start(() -> {
                      for (int i = 0; i < 1_000; i++) {
                        recorder.invoke(process, "n1", "append", "1");
                        recorder.ok(process, "n1", "append", "1");
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    History history = History.of(HEADER, recorder.events());
    assertEquals(8_000, history.operations().size());
    assertEquals(0, recorder.dropped());
  }

  @Test
  void whatIsTooMuchIsCountedAndNotKept() {
    Recorder recorder = new Recorder(() -> 0, 2, _ -> {});
    for (int i = 0; i < 5; i++) {
      recorder.info("", "note", "null");
    }
    assertEquals(2, recorder.events().size());
    assertEquals(3, recorder.dropped());
  }

  @Test
  void faultsAreSpansWithSidesAndPhases() throws IOException {
    FaultMark split =
        FaultMark.begins(1, "split", "halves").withSides(List.of(List.of("n1"), List.of("ñ2")));
    FaultMark kill = FaultMark.begins(2, "kill", "").withDown(List.of("n1"));
    AtomicLong clock = new AtomicLong();
    Recorder recorder = new Recorder(clock::get);
    recorder.info("", "start", "null");
    clock.set(10);
    recorder.fault(split);
    clock.set(20);
    recorder.fault(kill);
    clock.set(30);
    recorder.fault(FaultMark.ends(1, "split"));
    clock.set(40);
    recorder.fault(FaultMark.ends(2, "kill"));
    clock.set(100);
    recorder.info("", "end", "null");
    Timeline timeline = Timeline.of(History.of(HEADER, recorder.events()));
    assertEquals(List.of(split, kill), timeline.faults().stream().map(Fault::mark).toList());
    assertEquals(Timeline.Phase.BEFORE, timeline.phase(9));
    assertEquals(Timeline.Phase.DURING, timeline.phase(10));
    assertEquals(Timeline.Phase.DURING, timeline.phase(39));
    assertEquals(Timeline.Phase.AFTER, timeline.phase(40));
    assertEquals("n1", timeline.side("n1", 29).orElseThrow());
    assertTrue(timeline.side("n1", 30).isEmpty());
    assertTrue(timeline.down("n1", 0, 20));
    assertEquals(List.of(new Timeline.Calm(40, 100, true)), timeline.calms());
  }
}
