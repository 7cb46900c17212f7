package io.skein.chaos.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Watches for how long threads that could run wait for a processor, as Linux counts it: what
/// depends on patience (a timeout, a member's sign of life) may fail because of that on a machine
/// that others use too, and no process could help it.
final class Stalls implements AutoCloseable {
  private static final long PAUSE_MILLIS = 500;

  private final List<Long> pids;
  private final Map<Path, Long> seenNanos = new HashMap<>();
  // By the end of each pause, how long the thread waited that waited longest.
  private final ConcurrentSkipListMap<Long, Long> worst = new ConcurrentSkipListMap<>();
  private final Thread thread;

  /// Watches these processes.
  Stalls(List<Long> pids) {
    this.pids = List.copyOf(pids);
    look();
    thread = Thread.ofPlatform().daemon().name("soak-stalls").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        worst.put(System.nanoTime(), look());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long look() {
    long most = 0;
    for (long pid : pids) {
      try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
        for (Path task : tasks.toList()) {
          long waited = waited(task.resolve("schedstat"));
          Long before = seenNanos.put(task, waited);
          most = Math.max(most, before == null ? 0 : waited - before);
        }
      } catch (IOException e) {
        // The process has ended, or this is no Linux: nothing is known.
      }
    }
    return most;
  }

  // "time on a processor, time waited for one, times it ran", in nanoseconds.
  private static long waited(Path file) {
    try {
      return Long.parseLong(Files.readString(file).trim().split(" ")[1]);
    } catch (IOException e) {
      // The thread has ended.
      return 0;
    }
  }

  /// How long some thread waited for a processor between two moments, at most.
  long between(long fromNanos, long toNanos) {
    return worst
        .subMap(fromNanos, true, toNanos + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS), true)
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
