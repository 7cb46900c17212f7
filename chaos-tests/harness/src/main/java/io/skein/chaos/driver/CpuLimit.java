package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A limit on the processor time of one process, by control groups of either version. Needs root.
final class CpuLimit {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_MICROS = 50_000;
  private static final int ALL = 100;

  private CpuLimit() {}

  /// Where groups that limit processors are made.
  private static Path parent() {
    return Files.isDirectory(ROOT.resolve("cpu")) ? ROOT.resolve("cpu") : ROOT;
  }

  /// Sets the limit.
  ///
  /// @param name the group's, with the run's tag
  /// @param percent of one processor; 0: none
  /// @throws IOException if the kernel does not take it
  static void set(String name, long pid, int percent) throws IOException {
    Path group = parent().resolve(name);
    if (!Files.isDirectory(group)) {
      Files.createDirectory(group);
    }
    int quota = PERIOD_MICROS * percent / ALL;
    Path second = group.resolve("cpu.max");
    if (Files.exists(second)) {
      write(second, (percent == 0 ? "max" : Integer.toString(quota)) + " " + PERIOD_MICROS);
    } else {
      write(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
      write(group.resolve("cpu.cfs_quota_us"), percent == 0 ? "-1" : Integer.toString(quota));
    }
    write(group.resolve("cgroup.procs"), Long.toString(pid));
  }

  /// Whether groups can be made here.
  static boolean possible(String tag) {
    Path trial = parent().resolve(tag + "-trial");
    try {
      Files.createDirectory(trial);
      boolean limits =
          Files.exists(trial.resolve("cpu.max")) || Files.exists(trial.resolve("cpu.cfs_quota_us"));
      Files.delete(trial);
      return limits;
    } catch (IOException _) {
      return false;
    }
  }

  /// How often the group was held back so far.
  static long throttled(String name) {
    try {
      return Files.readAllLines(parent().resolve(name).resolve("cpu.stat")).stream()
          .filter(line -> line.startsWith("nr_throttled "))
          .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
          .sum();
    } catch (IOException _) {
      return 0;
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.US_ASCII);
  }

  /// Removes the groups of a run; their processes have ended.
  static void remove(String tag) throws IOException {
    if (!Files.isDirectory(parent())) {
      return;
    }
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent(), tag + "-*")) {
      for (Path group : groups) {
        try {
          Files.deleteIfExists(group);
        } catch (IOException _) {
          // A process in it is still ending; an empty group left over costs nothing.
        }
      }
    }
  }
}
