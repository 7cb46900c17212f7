package io.skein.proxy.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TracerTest {
  private static Span span(long trace, long id) {
    return new Span(
        1,
        trace,
        id,
        0,
        0,
        0,
        new Span.Asked("GET", "http", "h", "/", "2", "c", "", ""),
        200,
        "",
        "s",
        "ok",
        Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.5, 1})
  void theRatioIsKept(double ratio) {
    Tracer tracer = Tracer.of(ratio, 1);
    Random random = new Random(7);
    int sampled = 0;
    for (int i = 0; i < 100_000; i++) {
      sampled += tracer.samples(random.nextLong()) ? 1 : 0;
    }
    assertEquals(ratio, sampled / 100_000.0, 0.01);
  }

  @Test
  void whoSamplesLessSamplesAPartOfWhatOthersDo() {
    Tracer few = Tracer.of(0.1, 1);
    Tracer more = Tracer.of(0.3, 1);
    Random random = new Random(8);
    for (int i = 0; i < 10_000; i++) {
      long trace = random.nextLong();
      assertTrue(!few.samples(trace) || more.samples(trace));
    }
  }

  @Test
  void aRatioIsAShare() {
    for (double ratio : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> Tracer.of(ratio, 1));
    }
  }

  @Test
  void whatFindsNoRoomIsLostAndCounted() {
    Tracer tracer = Tracer.of(1, 4);
    for (int i = 0; i < 6; i++) {
      tracer.offer(span(1, i));
    }
    assertEquals(2, tracer.lost());
    assertEquals(List.of(0L, 1L, 2L), tracer.take(3).stream().map(Span::id).toList());
    tracer.offer(span(1, 6));
    assertEquals(List.of(3L, 6L), tracer.take(9).stream().map(Span::id).toList());
    assertEquals(List.of(), tracer.take(9));
  }

  @Test
  void manyThreadsLoseNothingThatIsNotCounted() throws InterruptedException {
    Tracer tracer = Tracer.of(1, 64);
    int each = 20_000;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      int trace = t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 1; i <= each; i++) {
                  tracer.offer(span(trace, i));
                }
              }));
    }
    Map<Long, Long> latest = new HashMap<>();
    long taken = 0;
    boolean running = true;
    while (running) {
      running = threads.stream().anyMatch(Thread::isAlive);
      List<Span> some;
      do {
        some = tracer.take(16);
        for (Span span : some) {
          Long before = latest.put(span.traceLow(), span.id());
          assertFalse(before != null && before >= span.id(), "out of order");
        }
        taken += some.size();
      } while (!some.isEmpty());
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(3L * each, taken + tracer.lost());
  }
}
