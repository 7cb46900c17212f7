package io.skein.proxy.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// When files were last written: what tells that they are to be read again. Blocks.
final class FileTimes {
  private FileTimes() {}

  /// A file that is not there counts as written at the epoch. Links are followed: certbot and
  /// Kubernetes change where they point to.
  static Map<Path, FileTime> of(List<Path> files) {
    Map<Path, FileTime> times = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        times.put(file, Files.readAttributes(file, BasicFileAttributes.class).lastModifiedTime());
      } catch (IOException e) {
        times.put(file, FileTime.fromMillis(0));
      }
    }
    return times;
  }
}
