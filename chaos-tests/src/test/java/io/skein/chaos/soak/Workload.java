package io.skein.chaos.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Runs tasks over and over until it is closed, and judges each failure. One is explained if the
/// task can be broken by a kill and a kill happened while it ran, or if somebody's patience ended
/// and threads had waited for a processor for that long. Nothing else is.
final class Workload implements AutoCloseable {
  private static final int LISTED = 40;

  /// What answers and exceptions say when time was up, or a peer gave no sign of life.
  private static final Pattern PATIENCE =
      Pattern.compile("upstream_timeout|no_endpoint|Timeout|nothing for");

  /// What they say when a node has given up service, as it does once its loops are 2 s late.
  private static final Pattern GIVEN_UP =
      Pattern.compile("connect_failed|Connection was closed|shed|overloaded");

  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// A member that is silent for that long is given up, and everything else waits for 2 s or more.
  private static final long BEFORE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long STARVED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, AtomicLong> runs = new LinkedHashMap<>();
  private final AtomicLong explained = new AtomicLong();
  private final AtomicLong starved = new AtomicLong();
  private final AtomicLong unexplained = new AtomicLong();
  private final Queue<String> listed = new ConcurrentLinkedQueue<>();
  private final ConcurrentSkipListMap<Long, Long> kills = new ConcurrentSkipListMap<>();
  private final Stalls stalls;
  private final Supplier<String> scene;
  private final long begunNanos = System.nanoTime();
  private volatile boolean running = true;

  /// @param scene what the node thinks of its endpoints at the moment
  Workload(List<Task> tasks, Stalls stalls, Supplier<String> scene) {
    this.stalls = stalls;
    this.scene = scene;
    for (Task task : tasks) {
      AtomicLong count = new AtomicLong();
      runs.put(task.name(), count);
      for (int i = 0; i < task.clients(); i++) {
        threads.add(
            Thread.ofVirtual().name("soak-" + task.name()).start(() -> repeat(task, count)));
      }
    }
  }

  /// A kill of an endpoint, from before it began to after its last connection was gone.
  void killed(long fromNanos, long toNanos) {
    kills.put(fromNanos, toNanos);
  }

  /// Finished runs by task.
  Map<String, AtomicLong> runs() {
    return runs;
  }

  long total() {
    return runs.values().stream().mapToLong(AtomicLong::get).sum();
  }

  long explained() {
    return explained.get();
  }

  /// Failures explained by the machine, on which nothing ran.
  long starved() {
    return starved.get();
  }

  long unexplained() {
    return unexplained.get();
  }

  /// The first of the unexplained, in words.
  List<String> listed() {
    return List.copyOf(listed);
  }

  private void repeat(Task task, AtomicLong count) {
    try {
      while (running) {
        long from = System.nanoTime();
        try {
          task.step().run();
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          judge(task, from, System.nanoTime(), e);
        }
        count.incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(task.pauseMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void judge(Task task, long from, long to, Exception failure) throws InterruptedException {
    String seen = task.breakable() ? "" : "; " + scene.get();
    // Whoever kills tells it when the kill is over; a failure in its midst is there before.
    TimeUnit.SECONDS.sleep(1);
    boolean during =
        kills.headMap(to, true).entrySet().stream().anyMatch(kill -> kill.getValue() >= from);
    if (task.breakable() && during) {
      explained.incrementAndGet();
      return;
    }
    long waited = stalls.between(from - BEFORE_NANOS, to);
    if ((waited > STARVED_NANOS && PATIENCE.matcher(failure.toString()).find())
        || (waited > LATE_NANOS && GIVEN_UP.matcher(failure.toString()).find())) {
      starved.incrementAndGet();
      return;
    }
    unexplained.incrementAndGet();
    if (listed.size() < LISTED) {
      String told =
          "%s, %.1f s after the start, after %.3f s, %s; threads had waited for a processor for %.2f s: %s%s"
              .formatted(
                  task.name(),
                  (from - begunNanos) / 1e9,
                  (to - from) / 1e9,
                  lastKill(from),
                  waited / 1e9,
                  failure,
                  seen);
      System.out.println("soak: unexplained: " + told);
      listed.add(told);
    }
  }

  private String lastKill(long before) {
    Map.Entry<Long, Long> kill = kills.floorEntry(before);
    Map.Entry<Long, Long> next = kills.higherEntry(before);
    return (kill == null
            ? "before any kill"
            : "%.3f s after a kill".formatted((before - kill.getValue()) / 1e9))
        + (next == null ? "" : ", %.3f s before another".formatted((next.getKey() - before) / 1e9));
  }

  /// Lets what runs end, and starts nothing more.
  @Override
  public void close() throws InterruptedException {
    running = false;
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(60));
    }
  }
}
