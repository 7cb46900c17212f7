package io.skein.proxy.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.health.EndpointHealth.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class HealthBookTest {
  private static final Pace PACE = Pace.every(Duration.ofSeconds(2), Duration.ofSeconds(1));

  private final HealthBook book = new HealthBook(() -> Instant.EPOCH);

  private void add(boolean ok, int times) {
    for (int i = 0; i < times; i++) {
      book.add("a", CheckResult.answer(ok, "said so"), PACE);
    }
  }

  @Test
  void whoAnswersOutsideTheChecksIsJudgedAnew() {
    add(true, 1);
    add(false, Pace.UNHEALTHY_AFTER);
    assertTrue(book.unhealthy("a"));
    book.answers("a");
    assertEquals(State.UNKNOWN, book.of("a").state());
    add(false, Pace.UNHEALTHY_AFTER - 1);
    assertFalse(book.unhealthy("a"));
    add(false, 1);
    assertTrue(book.unhealthy("a"));
  }

  @Test
  void anAnswerChangesNothingElse() {
    add(true, 1);
    add(false, Pace.UNHEALTHY_AFTER - 1);
    book.answers("a");
    add(false, 1);
    assertTrue(book.unhealthy("a"), "what was seen before still counts");
    book.answers("b");
    assertEquals(State.UNKNOWN, book.of("b").state());
  }
}
