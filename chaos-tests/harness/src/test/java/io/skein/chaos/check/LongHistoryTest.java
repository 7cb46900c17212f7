package io.skein.chaos.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Header;
import io.skein.chaos.history.History;
import io.skein.chaos.history.HistoryReader;
import io.skein.chaos.history.HistoryWriter;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// A long run of a sound mesh is judged in a time that grows with its length alone.
/// `-Dchaos.events=1000000` for the figure of a million.
class LongHistoryTest {
  private static final int EVENTS = Integer.getInteger("chaos.events", 20_000);
  private static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5");
  private final List<Event> events = new ArrayList<>();
  private long nanos;

  private void event(int process, String node, Event.Kind kind, String function, Json value) {
    nanos += 100_000;
    events.add(new Event(nanos, process, node, kind, function, value.toString()));
  }

  /// Appends at one node after the other, each read everywhere a little later, and requests, with a
  /// split now and then.
  private History history() throws MalformedHistory {
    long appended = 0;
    long[] given = new long[NODES.size()];
    int fault = 0;
    boolean on = false;
    while (events.size() < EVENTS) {
      for (int n = 0; n < NODES.size(); n++) {
        String node = NODES.get(n);
        String element = "x" + appended;
        event(n, node, Event.Kind.INVOKE, Vocabulary.APPEND, Json.of(element));
        Json place =
            Json.object().with("feed", node + "/1").with("seq", appended / NODES.size() + 1);
        event(n, node, Event.Kind.OK, Vocabulary.APPEND, place);
        appended++;
        Json.Members id = Json.object().with("id", element);
        event(n, node, Event.Kind.INVOKE, Vocabulary.REQUEST, id);
        event(
            n,
            node,
            Event.Kind.OK,
            Vocabulary.REQUEST,
            id.with("endpoint", "e").with("serial", appended));
      }
      for (int n = 0; n < NODES.size(); n++) {
        List<String> more = new ArrayList<>();
        for (long e = given[n]; e < appended; e++) {
          more.add("x" + e);
        }
        Json.Members since = Json.object().with("since", given[n]);
        event(n, NODES.get(n), Event.Kind.INVOKE, Vocabulary.READ, since);
        event(
            n,
            NODES.get(n),
            Event.Kind.OK,
            Vocabulary.READ,
            since.with("elements", Json.strings(more)));
        given[n] = appended;
      }
      if (appended % 2_000 == 0) {
        fault += on ? 0 : 1;
        FaultMark mark =
            on
                ? FaultMark.ends(fault, "split")
                : FaultMark.begins(fault, "split", "")
                    .withSides(List.of(NODES.subList(0, 2), NODES.subList(2, 5)));
        event(-1, "", Event.Kind.INFO, mark.name(), mark.json());
        on = !on;
      }
    }
    return History.of(new Header(1, true, NODES, "null", ""), events);
  }

  @Test
  void aLongHistoryIsJudgedQuickly() throws IOException {
    History history = history();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (HistoryWriter writer = new HistoryWriter(bytes, history.header())) {
      for (Event event : history.events()) {
        writer.write(event);
      }
    }
    long began = cpuNanos();
    History read =
        HistoryReader.read(new ByteArrayInputStream(bytes.toByteArray()), Integer.MAX_VALUE);
    long parsed = cpuNanos();
    Judgement judgement = Judgement.of(read, Bounds.PROMISED);
    long judged = cpuNanos();
    System.out.printf(
        Locale.ROOT,
        "nightly: histories: %,d events, %,d MB, read in %.1f s and judged in %.1f s of one core%n",
        history.events().size(),
        bytes.size() >> 20,
        (parsed - began) / 1e9,
        (judged - parsed) / 1e9);
    assertEquals(List.of(), judgement.broken());
    for (Verdict verdict : judgement.verdicts()) {
      if (verdict.check().equals("set")) {
        assertEquals(0.0, verdict.figures().get("never read"), verdict.summary());
      }
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
