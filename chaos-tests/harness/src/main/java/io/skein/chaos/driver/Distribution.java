package io.skein.chaos.driver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program under test as it was shipped: a folder with a launcher.
///
/// @param home the folder
public record Distribution(Path home) {
  /// Checks that there is a launcher.
  public Distribution {
    if (!Files.isExecutable(home.resolve("skein"))) {
      throw new IllegalArgumentException(home + " holds no launcher 'skein'");
    }
  }

  String launcher() {
    return home.resolve("skein").toString();
  }

  /// Flags of a small JVM.
  static final List<String> SMALL =
      List.of(
          "-Xmx20m",
          "-Xss256k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-Dsun.net.httpserver.nodelay=true");

  /// A small JVM of the harness's own, with its own class path; arguments follow.
  static List<String> java(Class<?> main) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(SMALL);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return words;
  }
}
