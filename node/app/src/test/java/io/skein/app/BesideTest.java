package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BesideTest {
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<String> closed = new ArrayList<>();

  private Beside<String> begun(String outcome) {
    return Beside.begin(
        "test",
        () -> {
          go.await();
          return outcome;
        });
  }

  @Test
  void whoBeginsGoesOnAndGetsTheOutcomeLater() throws Exception {
    Beside<String> part = begun("loops");
    go.countDown();

    assertEquals("loops", part.outcome());
    assertEquals("loops", part.outcome());
  }

  @Test
  void aFailedPartFailsTheStartAsIfItHadBeenDoneThere() {
    StartFailed taken = new StartFailed(StartFailed.USAGE, "--mesh: taken");
    Beside<String> refused =
        Beside.begin(
            "test",
            () -> {
              throw taken;
            });
    Beside<String> broken =
        Beside.begin(
            "test",
            () -> {
              throw new IllegalArgumentException("broken");
            });

    assertSame(taken, assertThrows(StartFailed.class, refused::outcome));
    assertEquals(
        "broken", assertThrows(IllegalArgumentException.class, broken::outcome).getMessage());
  }

  @Test
  void whatItOpensAfterTheStartHasFailedIsClosedToo() throws Exception {
    Beside<String> part = begun("loops");
    Thread undoing =
        Thread.ofPlatform()
            .start(() -> {
              try (Undo undo = new Undo()) {
                undo.with(part, it -> it.undo(closed::add));
              }
            });

    go.countDown();
    undoing.join();

    assertEquals(List.of("loops"), closed);
  }

  @Test
  void whatCameToNothingIsNotClosed() throws Exception {
    Beside<String> part =
        Beside.begin(
            "test",
            () -> {
              throw new StartFailed(StartFailed.USAGE, "taken");
            });

    part.undo(closed::add);

    assertTrue(closed.isEmpty());
  }

  @Test
  void anInterruptedStartFails() throws Exception {
    Beside<String> part = begun("loops");
    Thread.currentThread().interrupt();

    assertThrows(StartFailed.class, part::outcome);
    assertTrue(Thread.interrupted());
    go.countDown();
    assertEquals("loops", part.outcome());
  }
}
