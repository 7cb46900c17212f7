package io.skein.proxy.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.health.EndpointHealth.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointHealthTest {
  private static final Pace PACE =
      new Pace(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1), 0.1, 2, 3);

  private Instant now = Instant.ofEpochSecond(1_000);
  private EndpointHealth health = EndpointHealth.unknown(now);

  private State hears(String results) {
    for (char c : results.toCharArray()) {
      now = now.plusSeconds(1);
      health =
          health.after(new CheckResult(c == '+', true, 5, c == '+' ? "200" : "503"), PACE, now);
    }
    return health.state();
  }

  @Test
  void theFirstGoodResultSettlesIt() {
    assertEquals(State.UNKNOWN, hears("-"));
    assertEquals(State.HEALTHY, hears("+"));
  }

  @Test
  void onlyBadResultsInARowMakeItUnhealthy() {
    assertEquals(State.HEALTHY, hears("+--+--+--"));
    assertEquals("", health.reason());
    assertEquals(State.UNHEALTHY, hears("-"));
    assertEquals("check failed: 503", health.reason());
    assertEquals(now, health.since());
  }

  @Test
  void onlyGoodResultsInARowMakeItHealthyAgain() {
    assertEquals(State.UNHEALTHY, hears("---+-+-"));
    assertEquals(State.HEALTHY, hears("++"));
    assertEquals(2, health.inRow());
  }

  @Test
  void theNewestResultsAreKeptNewestFirst() {
    hears("+".repeat(30) + "-");
    assertEquals(EndpointHealth.KEPT, health.history().size());
    assertFalse(health.history().getFirst().result().ok());
    assertEquals(now, health.history().getFirst().at());
    assertTrue(health.history().getLast().result().ok());
  }

  @Test
  void theBookTellsWhenAStateChanges() {
    HealthBook book = new HealthBook(() -> now);
    CheckResult bad = new CheckResult(false, false, 1, "timeout");
    assertFalse(book.add("a", bad, PACE));
    assertFalse(book.add("a", bad, PACE));
    assertTrue(book.add("a", bad, PACE));
    assertFalse(book.add("a", bad, PACE));
    assertTrue(book.unhealthy("a"));
    assertFalse(book.unhealthy("b"));
    book.retain(Set.of("b"));
    assertFalse(book.unhealthy("a"));
    assertEquals(List.of(), book.of("a").history());
  }

  @Test
  void whatAnEndpointSaysIsBoundedAndPrintable() {
    CheckResult result = new CheckResult(false, true, 1, "a\r\n\u001b[2J" + "x".repeat(500));
    assertEquals(CheckResult.MAX_DETAIL, result.detail().length());
    assertTrue(result.detail().startsWith("a   [2J"));
  }
}
