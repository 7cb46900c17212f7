package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// One node's disk takes long to say that what was written is there: 50 to 500 ms for each sync. A
/// node acknowledges a change only after a sync, so the proof is twofold: how many syncs waited,
/// and that none of a few changes was acknowledged sooner than one sync takes.
final class SlowDiskFault implements Fault {
  private static final int LEAST_MILLIS = 50;
  private static final int MOST_MILLIS = 500;
  private static final int CHANGES = 3;
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final String SERVICE = "/v1/services/chaos-slow-disk";

  private final Step step;
  private final NodeHandle node;
  private final int delayMillis;
  private final long[] tookMillis = new long[CHANGES];
  private long delayedBefore;

  SlowDiskFault(Step step, NodeHandle node, long seed) {
    this.step = step;
    this.node = node;
    this.delayMillis =
        new SplittableRandom(seed + step.id()).nextInt(LEAST_MILLIS, MOST_MILLIS + 1);
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    return bare;
  }

  @Override
  public void begin() throws IOException {
    delayedBefore = node.delayedSyncs();
    node.delaySyncs(delayMillis);
  }

  @Override
  public void last(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (int i = 0; i < CHANGES; i++) {
      tookMillis[i] = change(i);
    }
    TimeUnit.NANOSECONDS.sleep(deadline - System.nanoTime());
  }

  /// How long a change took; 0 if it was not acknowledged.
  private long change(int i) {
    String body =
        Json.object().with("policy", "round-robin").with("path", "/" + step.id() + i).toString();
    long began = System.nanoTime();
    boolean good = Http.send(node.target().api(), "PUT", SERVICE, body, TIMEOUT_MILLIS).good();
    return good ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) : 0;
  }

  @Override
  public Proof proof() {
    long delayed = node.delayedSyncs() - delayedBefore;
    long least = Arrays.stream(tookMillis).filter(took -> took > 0).min().orElse(0);
    return new Proof(
        delayed > 0 && least >= delayMillis,
        String.format(
            Locale.ROOT,
            "%s: %d syncs of %d ms; a change took %d ms or more",
            node.name(),
            delayed,
            delayMillis,
            least));
  }

  @Override
  public void end() throws IOException {
    node.delaySyncs(0);
    Http.send(node.target().api(), "DELETE", SERVICE, "", TIMEOUT_MILLIS);
  }
}
