package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class AdmittedTest {
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private boolean admitted;

  private void wait(String step) {
    Admitted.then(
        () -> CompletableFuture.completedFuture(admitted), later::add, () -> done.add(step));
  }

  @Test
  void whoIsInDoesNotWait() {
    admitted = true;

    wait("declare");

    assertEquals(List.of("declare"), done);
    assertEquals(0, later.size());
  }

  @Test
  void whoIsNotAsksAgainUntilItIsAndGoesOnOnce() {
    wait("declare");
    later.remove().run();
    assertEquals(List.of(), done);

    admitted = true;
    later.remove().run();

    assertEquals(List.of("declare"), done);
    assertEquals(0, later.size());
  }
}
