package io.skein.chaos.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// How long a sync of this JVM has to wait before it begins: the number of milliseconds in a file,
/// none if there is no such file. How many have waited is written into another one.
public final class SlowSync {
  private static final String DELAY = "sync-delay";
  private static final String DELAYED = "sync-delayed";
  private static final AtomicLong COUNT = new AtomicLong();
  private static final AtomicReference<Path> FOLDER = new AtomicReference<>(Path.of(""));

  private SlowSync() {}

  /// Where the files lie.
  static void in(Path where) {
    FOLDER.set(where);
  }

  /// The file that holds the delay; to be replaced as a whole.
  public static Path delay(Path in) {
    return in.resolve(DELAY);
  }

  /// The file that holds the count.
  public static Path delayed(Path in) {
    return in.resolve(DELAYED);
  }

  /// Called at the start of each sync. A thread that is interrupted waits as long as any other, as
  /// it would for a disk.
  public static void pass() {
    long millis = number(delay(FOLDER.get()));
    if (millis <= 0) {
      return;
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    boolean interrupted = false;
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.sleep(left);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    count();
  }

  private static synchronized void count() {
    try {
      Files.writeString(delayed(FOLDER.get()), Long.toString(COUNT.incrementAndGet()));
    } catch (IOException _) {
      // Then there is no proof, and the fault is named as one without.
    }
  }

  /// The number in such a file; 0 if there is none.
  public static long number(Path file) {
    try {
      return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }
}
