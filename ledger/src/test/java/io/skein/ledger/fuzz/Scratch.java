package io.skein.ledger.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A folder for parsers that read files, gone when the JVM ends.
public final class Scratch {
  private static final Path ROOT = root();

  private Scratch() {}

  /// The folder of that name, created if it is not there.
  public static Path folder(String name) throws IOException {
    return Files.createDirectories(ROOT.resolve(name));
  }

  /// The folder of that name, with nothing in it.
  public static Path empty(String name) throws IOException {
    Path folder = ROOT.resolve(name);
    delete(folder);
    return Files.createDirectories(folder);
  }

  private static Path root() {
    try {
      // Memory where the system has such a folder: a fuzzer writes each input.
      Path memory = Path.of("/dev/shm");
      Path root =
          Files.isWritable(memory)
              ? Files.createTempDirectory(memory, "skein-fuzz")
              : Files.createTempDirectory("skein-fuzz");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(root)));
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteQuietly(Path folder) {
    try {
      delete(folder);
    } catch (IOException _) {
      // The system clears its temporary folders.
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
