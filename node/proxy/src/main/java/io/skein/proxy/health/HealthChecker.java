package io.skein.proxy.health;

import io.skein.proxy.route.Target.EndpointTarget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Checks a set of endpoints at intervals. Any thread may call its methods; results come on Vert.x
/// threads, never two at a time for one endpoint.
public final class HealthChecker implements AutoCloseable {
  private final Vertx vertx;
  private final Listener listener;
  private final SplittableRandom random;
  private final Prober prober;
  private final Map<String, Running> running = new HashMap<>();

  /// Hears every result. Called on Vert.x threads; must not block.
  @FunctionalInterface
  public interface Listener {
    /// @param check what was done
    /// @param result what came of it
    void checked(Check check, CheckResult result);
  }

  // Who is good again after a bad result is asked for the rest of the row soon.
  private static final int RETURNS_FASTER = 8;

  /// @param random draws the jitter
  public HealthChecker(Vertx vertx, Listener listener, SplittableRandom random) {
    this.vertx = vertx;
    this.listener = listener;
    this.random = random;
    this.prober = new Prober(vertx);
  }

  /// Makes `checks` the whole set. A check that was there before goes on undisturbed; one that is
  /// gone is not heard of any more; a new one starts at once. Of two with one id the last counts.
  public synchronized void replace(Collection<Check> checks) {
    Map<String, Check> wanted = new LinkedHashMap<>();
    checks.forEach(check -> wanted.put(check.endpointId(), check));
    Iterator<Running> old = running.values().iterator();
    while (old.hasNext()) {
      Running now = old.next();
      if (!now.check.equals(wanted.get(now.check.endpointId()))) {
        now.stop();
        old.remove();
      }
    }
    wanted.forEach((id, check) ->
        running.computeIfAbsent(
            id,
            _ -> {
              Running begun = new Running(check, random.split());
              begun.start();
              return begun;
            }));
  }

  /// Checks once, outside the set. The future never fails.
  public Future<CheckResult> probeOnce(EndpointTarget target, Probe probe, Duration timeout) {
    return prober.ask(target, probe, timeout);
  }

  @Override
  public synchronized void close() {
    running.values().forEach(Running::stop);
    running.clear();
    prober.close();
  }

  /// One check of the set. Its timers and results come one after the other.
  private final class Running {
    final Check check;
    private final SplittableRandom chance;
    private volatile boolean live = true;
    private volatile long timer;
    private int goodInRow;

    Running(Check check, SplittableRandom chance) {
      this.check = check;
      this.chance = chance;
      this.goodInRow = check.pace().healthyAfter();
    }

    void start() {
      timer = vertx.setTimer(1, _ -> ask());
    }

    void stop() {
      live = false;
      vertx.cancelTimer(timer);
    }

    private void ask() {
      if (!live) {
        return;
      }
      long begun = System.nanoTime();
      prober
          .ask(check.target(), check.probe(), check.pace().timeout())
          .onSuccess(result -> {
            if (live) {
              listener.checked(check, result);
              goodInRow = result.ok() ? Math.min(goodInRow, check.pace().healthyAfter()) + 1 : 0;
              timer = vertx.setTimer(pauseMillis(begun), _ -> ask());
            }
          });
    }

    private long pauseMillis(long begunNanos) {
      Pace pace = check.pace();
      long pause =
          goodInRow >= pace.healthyAfter()
              ? pace.interval().toNanos()
              : pace.whileBad().toNanos() / (goodInRow > 0 ? RETURNS_FASTER : 1);
      double varied = pause * (1 + pace.jitter() * (2 * chance.nextDouble() - 1));
      return Math.max(1, (long) ((varied - (System.nanoTime() - begunNanos)) / 1e6));
    }
  }
}
