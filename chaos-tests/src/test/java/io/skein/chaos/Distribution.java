package io.skein.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The built distribution, run the way a user runs it: by its launcher.
final class Distribution {
  private static final Path HOME =
      Path.of(System.getProperty("skein.home", "../deploy/target/skein"))
          .toAbsolutePath()
          .normalize();

  private Distribution() {}

  /// Its directory, with the launcher and `lib/` in it.
  static Path home() {
    if (!Files.isExecutable(HOME.resolve("skein"))) {
      throw new AssertionError(
          HOME + " holds no launcher; build it: ./mvnw -Dquick -DskipTests -pl deploy -am package");
    }
    return HOME;
  }

  /// A command of the launcher.
  static List<String> command(List<String> words) {
    List<String> command = new ArrayList<>(List.of(home().resolve("skein").toString()));
    command.addAll(words);
    return command;
  }
}
