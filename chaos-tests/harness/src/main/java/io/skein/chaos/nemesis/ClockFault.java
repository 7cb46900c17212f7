package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.history.FaultMark;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// One node's wall clock is wrong; its monotonic one is right. The proof is the node's own word of
/// what time it is.
final class ClockFault implements Fault {
  private static final int SECONDS = 288;
  private static final int STROBE_MILLIS = 2_000;
  private static final int API_MILLIS = 5_000;
  private static final int LOOKS = 20;

  private final Step step;
  private final NodeHandle node;
  private final int error;
  private String seen = "it never said another time";
  private boolean held;

  ClockFault(Step step, NodeHandle node, long seed) {
    this.step = step;
    this.node = node;
    this.error = new SplittableRandom(seed + step.id()).nextBoolean() ? SECONDS : -SECONDS;
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    return bare;
  }

  @Override
  public void begin() throws IOException, InterruptedException {
    node.skew(error);
    look();
  }

  /// Asks until it says a time that is wrong by more than half of the error.
  private void look() throws InterruptedException {
    for (int i = 0; i < LOOKS && !held; i++) {
      long off = offMillis();
      held = Math.abs(off) > SECONDS * 500L;
      if (held) {
        seen = String.format(Locale.ROOT, "%s says a time off by %+.1f s", node.name(), off / 1e3);
      } else {
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  private long offMillis() {
    String asOf =
        Http.get(node.target().api(), "/v1/members", API_MILLIS).json().text("asOf").orElse("");
    try {
      return Duration.between(Instant.now(), Instant.parse(asOf)).toMillis();
    } catch (DateTimeParseException _) {
      return 0;
    }
  }

  @Override
  public void last(long millis) throws IOException, InterruptedException {
    boolean wrong = true;
    long left = millis;
    for (; step.kind() == Kind.CLOCK_STROBE && left > STROBE_MILLIS; left -= STROBE_MILLIS) {
      TimeUnit.MILLISECONDS.sleep(STROBE_MILLIS);
      wrong = !wrong;
      node.skew(wrong ? error : 0);
    }
    TimeUnit.MILLISECONDS.sleep(left);
  }

  @Override
  public Proof proof() {
    return new Proof(held, seen);
  }

  @Override
  public void end() throws IOException {
    node.skew(0);
  }
}
