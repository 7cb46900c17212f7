package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file system in memory, small enough to be filled. Needs root.
final class SmallDisk {
  private SmallDisk() {}

  /// Mounts one of that size at `folder`.
  static void mount(Path folder, int mebibytes) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Command.must(
        "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "skein-chaos", folder.toString());
  }

  /// Whether this machine lets us.
  static boolean possible(Path trial) throws InterruptedException {
    try {
      mount(trial, 1);
      remove(trial);
      Files.delete(trial);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// All that are mounted below a folder.
  static List<Path> below(Path folder) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8).stream()
        .map(line -> Path.of(line.split(" ", -1)[1]))
        .filter(path -> path.startsWith(folder))
        .toList();
  }

  static void remove(Path folder) throws IOException, InterruptedException {
    Command.must("umount", "-l", folder.toString());
  }
}
