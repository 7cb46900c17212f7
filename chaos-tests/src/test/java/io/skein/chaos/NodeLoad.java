package io.skein.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// One node's clients while things break: a writer of records (10 a second) and a sender of
/// requests (20 a second). Counts apart what happens while a fault lasts.
final class NodeLoad {
  private static final long WRITE_PAUSE_MILLIS = 100;
  private static final long REQUEST_PAUSE_MILLIS = 50;
  private static final int OK = 200;

  private final String name;
  private final ApiProbe probe;
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;
  private volatile boolean fault;

  NodeLoad(String name, ApiProbe probe) {
    this.name = name;
    this.probe = probe;
  }

  void start() {
    threads.add(Thread.startVirtualThread(() -> untilStopped(this::write, WRITE_PAUSE_MILLIS)));
    threads.add(Thread.startVirtualThread(() -> untilStopped(this::request, REQUEST_PAUSE_MILLIS)));
  }

  /// Tells that a fault begins or ends.
  void fault(boolean lasts) {
    fault = lasts;
  }

  /// Stops both and waits for the answers they still wait for.
  void stop() throws InterruptedException {
    running = false;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private interface Step {
    void run(long number) throws InterruptedException;
  }

  private void untilStopped(Step step, long pauseMillis) {
    try {
      for (long n = 1; running; n++) {
        step.run(n);
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(long number) throws InterruptedException {
    boolean counts = fault;
    probe
        .put(
            "/v1/services/w-" + name,
            "{\"policy\":\"skein\",\"slowAfter\":\"" + (number % 3_000 + 1) + "ms\"}")
        .ifPresent(hash -> {
          acknowledged.add(hash);
          if (counts) {
            writes.incrementAndGet();
          }
        });
  }

  private void request(long number) throws InterruptedException {
    boolean counts = fault;
    int status = probe.request();
    if (counts) {
      requests.incrementAndGet();
      if (status != OK) {
        failures.incrementAndGet();
      }
    }
  }

  String name() {
    return name;
  }

  /// Hashes of the records that the node acknowledged.
  List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /// Writes that were begun while the fault lasted and acknowledged.
  long writesInFault() {
    return writes.get();
  }

  /// Requests that were begun while the fault lasted.
  long requestsInFault() {
    return requests.get();
  }

  /// Those of them that were not answered with 200.
  long failuresInFault() {
    return failures.get();
  }

  @Override
  public String toString() {
    return name + " " + writes + " writes, " + failures + "/" + requests + " failed";
  }
}
