package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory of one node, as a control group of either version counts and limits it. Needs root.
///
/// Memory is charged to the group that a process is in when it takes it, so a node has to be in its
/// group from its first instruction. *Tight* is no more than what it holds and the kernel cannot
/// take back: all but its part of the file cache.
final class MemoryGroup {
  private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");
  private static final int STEP_BYTES = 64 << 10;
  private static final int STEPS = 8_192;

  private final Path path;
  private final boolean second;

  private MemoryGroup(Path path) {
    this.path = path;
    this.second = !Files.exists(path.resolve("memory.limit_in_bytes"));
  }

  /// Where groups that limit memory are made, below where control groups are.
  private static Path parent(Path root) {
    return Files.isDirectory(root.resolve("memory")) ? root.resolve("memory") : root;
  }

  /// Makes it, if it is not there.
  ///
  /// @param name with the run's tag
  static MemoryGroup make(String name) throws IOException {
    Path path = parent(CONTROL_GROUPS).resolve(name);
    if (!Files.isDirectory(path)) {
      Files.createDirectory(path);
    }
    return new MemoryGroup(path);
  }

  /// One that is there.
  static MemoryGroup at(Path path) {
    return new MemoryGroup(path);
  }

  /// Whether groups that limit memory can be made here.
  static boolean possible(String tag) {
    try {
      MemoryGroup trial = make(tag + "-trial");
      boolean limits =
          Files.exists(trial.path.resolve(trial.second ? "memory.high" : "memory.oom_control"));
      Files.delete(trial.path);
      return limits;
    } catch (IOException _) {
      return false;
    }
  }

  /// Whoever writes his process id there is in the group.
  Path members() {
    return path.resolve("cgroup.procs");
  }

  /// Makes it tight. Who needs more waits, whole threads at a time: under version 2 for what the
  /// kernel makes of `memory.high`, under version 1, which has none, until [#lift].
  void hold() throws IOException {
    if (second) {
      write("memory.high", Long.toString(kept()));
    } else {
      write("memory.oom_control", "1");
      tighten();
    }
  }

  /// Makes it tight. Who needs more is killed.
  void kill() throws IOException {
    if (second) {
      write("memory.max", Long.toString(kept()));
    } else {
      write("memory.oom_control", "0");
      tighten();
    }
  }

  /// Lets it have what it wants.
  void lift() throws IOException {
    if (second) {
      write("memory.high", "max");
      write("memory.max", "max");
    } else {
      write("memory.limit_in_bytes", "-1");
      write("memory.oom_control", "0");
    }
  }

  /// How often it has come up against its limit so far.
  long held() throws IOException {
    return second ? counted("memory.events", "high") : counted("memory.failcnt", "");
  }

  /// How many of its processes the kernel has killed so far for want of memory.
  long killed() throws IOException {
    return counted(second ? "memory.events" : "memory.oom_control", "oom_kill");
  }

  /// Bytes that the kernel cannot take back: there is no swap in a test.
  private long kept() throws IOException {
    return counted("memory.stat", second ? "anon" : "rss");
  }

  /// Version 1 takes no limit below what it cannot reclaim at once.
  private void tighten() throws IOException {
    long limit = kept();
    for (int i = 0; ; i++) {
      try {
        write("memory.limit_in_bytes", Long.toString(limit + (long) i * STEP_BYTES));
        return;
      } catch (IOException e) {
        if (i == STEPS) {
          throw e;
        }
      }
    }
  }

  private long counted(String file, String word) throws IOException {
    String start = word.isEmpty() ? "" : word + ' ';
    return Files.readAllLines(path.resolve(file), StandardCharsets.US_ASCII).stream()
        .filter(line -> line.startsWith(start))
        .mapToLong(line -> Long.parseLong(line.substring(start.length()).strip()))
        .sum();
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(path.resolve(file), text, StandardCharsets.US_ASCII);
  }

  /// Removes the groups of a run; their processes have ended.
  static void remove(String tag) throws IOException {
    Path parent = parent(CONTROL_GROUPS);
    if (!Files.isDirectory(parent)) {
      return;
    }
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, tag + "-*")) {
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
