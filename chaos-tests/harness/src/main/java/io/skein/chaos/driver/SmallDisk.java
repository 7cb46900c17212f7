package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system in memory, small enough to be filled. Needs root.
final class SmallDisk {
  private SmallDisk() {}

  /// Mounts one of that size at `folder`.
  static void mount(Path folder, int mebibytes) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Command.must(
        "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "skein-chaos", folder.toString());
  }

  static boolean mounted(Path folder) {
    try {
      return Files.readString(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8)
          .contains(" " + folder + " ");
    } catch (IOException _) {
      return false;
    }
  }

  static void remove(Path folder) throws IOException, InterruptedException {
    Command.must("umount", "-l", folder.toString());
  }
}
