package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A limit on the memory that one process may take from now on, by control groups of either
/// version: what it has is not counted. Needs root.
final class MemoryLimit {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final String SUFFIX = "-memory";

  private MemoryLimit() {}

  private static Path parent() {
    return Files.isDirectory(ROOT.resolve("memory")) ? ROOT.resolve("memory") : ROOT;
  }

  private static Path group(String name) {
    return parent().resolve(name + SUFFIX);
  }

  /// Sets the limit.
  static void set(String name, long pid, int mebibytes) throws IOException {
    Path group = group(name);
    if (!Files.isDirectory(group)) {
      Files.createDirectory(group);
    }
    String bytes = Long.toString((long) mebibytes << 20);
    Path second = group.resolve("memory.max");
    write(Files.exists(second) ? second : group.resolve("memory.limit_in_bytes"), bytes);
    write(group.resolve("cgroup.procs"), Long.toString(pid));
  }

  /// Whether groups can be made here.
  static boolean possible(String tag) {
    Path trial = group(tag + "-trial");
    try {
      Files.createDirectory(trial);
      boolean limits =
          Files.exists(trial.resolve("memory.max"))
              || Files.exists(trial.resolve("memory.limit_in_bytes"));
      Files.delete(trial);
      return limits;
    } catch (IOException _) {
      return false;
    }
  }

  /// Whether more was asked for than there was.
  static boolean reached(String name) {
    try {
      Path first = group(name).resolve("memory.failcnt");
      if (Files.exists(first)) {
        return Long.parseLong(Files.readString(first).strip()) > 0;
      }
      return Files.readAllLines(group(name).resolve("memory.events")).stream()
          .anyMatch(line -> line.matches("max [1-9][0-9]*"));
    } catch (IOException _) {
      return false;
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
    try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent(), tag + "-*" + SUFFIX)) {
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
