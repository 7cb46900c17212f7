package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When the launcher of a source checkout builds: in a copy of the tree's skeleton, with a build
/// and a JDK that only note that they were called.
@Tag("process")
class LauncherTest {
  private static final Path TREE = tree();

  /// What builds write, and what has a build of its own.
  private static final Set<String> PASSED_OVER = Set.of("target", ".git", "compare");

  private static final Instant WRITTEN = Instant.now().minus(Duration.ofDays(2));
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /// Writes where builds write, in every module; waits while there is a file `hold`.
  private static final String BUILD =
      """
      #!/bin/sh
      cd "$(dirname -- "$0")" || exit 1
      echo called >>calls
      while [ -f hold ]; do sleep 0.1; done
      [ ! -f broken ] || { echo '[ERROR] it is broken'; exit 1; }
      for pom in $(find . -name pom.xml); do
        module=$(dirname "$pom")
        mkdir -p "$module/target/classes"
        date >"$module/target/classes/$$"
        date >"$module/.flattened-pom.xml"
      done
      mkdir -p deploy/target/skein/lib
      cp skein deploy/launcher/*.sh deploy/target/skein/
      touch deploy/target/skein/lib/skein-cli-0.jar
      """;

  @TempDir private Path home;

  private static Path tree() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = parent(at);
    }
    return at;
  }

  private static Path parent(Path file) {
    return Optional.ofNullable(file.getParent()).orElseThrow();
  }

  /// Poms, the launcher, and one file in each folder of sources; all of it two days old.
  @BeforeEach
  void copy() throws IOException {
    Files.walkFileTree(
        TREE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Path twin = home.resolve(TREE.relativize(folder));
            if (PASSED_OVER.contains(String.valueOf(folder.getFileName()))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            if (folder.endsWith("src/main") || folder.endsWith("src/test")) {
              Files.createDirectories(twin.resolve("java"));
              Files.createFile(twin.resolve("java/A.java"));
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path twin = home.resolve(TREE.relativize(file));
            if (file.endsWith("pom.xml")
                || file.equals(TREE.resolve("skein"))
                || file.startsWith(TREE.resolve("deploy/launcher"))) {
              Files.createDirectories(parent(twin));
              Files.copy(file, twin);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    executable("mvnw", BUILD);
    executable("jdk/bin/java", "#!/bin/sh\nexit 0\n");
    executable("bin/sleep", "#!/bin/sh\nexec /bin/sleep 0.05\n");
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.toList()) {
        Files.setLastModifiedTime(each, FileTime.from(WRITTEN));
      }
    }
  }

  private void executable(String name, String script) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(parent(file));
    Files.writeString(file, script);
    assertTrue(file.toFile().setExecutable(true));
  }

  private Process start() throws IOException {
    ProcessBuilder launcher = new ProcessBuilder(home.resolve("skein").toString(), "version");
    launcher.environment().put("SKEIN_JAVA_HOME", home.resolve("jdk").toString());
    launcher.environment().put("SKEIN_AOT", "off");
    // It looks once a second whether a build has ended.
    launcher
        .environment()
        .merge("PATH", home.resolve("bin").toString(), (path, own) -> own + ":" + path);
    return launcher.redirectErrorStream(true).redirectOutput(home.resolve("said").toFile()).start();
  }

  private int run() throws IOException, InterruptedException {
    return ended(start());
  }

  private int ended(Process process) throws IOException, InterruptedException {
    assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), this::said);
    return process.exitValue();
  }

  private String said() {
    try {
      return Files.readString(home.resolve("said"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private int calls() {
    try {
      Path calls = home.resolve("calls");
      return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Builds, as of a day ago, of sources a day older.
  private void built() throws IOException, InterruptedException {
    assertEquals(0, run(), this::said);
    assertEquals(1, calls());
    yesterday();
  }

  private void yesterday() throws IOException {
    Files.setLastModifiedTime(
        home.resolve("deploy/target/skein/.built"),
        FileTime.from(WRITTEN.plus(Duration.ofDays(1))));
  }

  /// Writes to a file an hour ago.
  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
  }

  @Test
  void buildsOnceAndNotAgainForWhatTheBuildHasWritten() throws Exception {
    built();
    assertEquals(0, run(), this::said);
    assertEquals(0, run(), this::said);
    assertEquals(1, calls());
  }

  @Test
  void whateverIsBuiltFromMakesItStale() throws Exception {
    built();
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> all = Files.walk(home)) {
      all.filter(file ->
              file.endsWith("src/main/java/A.java")
                  || file.endsWith("harness/pom.xml")
                  || file.equals(home.resolve("pom.xml"))
                  || file.equals(home.resolve("ledger/pom.xml"))
                  || file.equals(home.resolve("skein"))
                  || file.equals(home.resolve("deploy/launcher/runtime.sh")))
          .forEach(sources::add);
    }
    assertTrue(sources.size() > 12, sources::toString);
    int calls = 1;
    for (Path source : sources) {
      touch(source);
      assertEquals(0, run(), this::said);
      assertEquals(++calls, calls(), source::toString);
      yesterday();
      Files.setLastModifiedTime(source, FileTime.from(WRITTEN));
    }
    Files.delete(home.resolve("ledger/src/main/java/A.java"));
    assertEquals(0, run(), this::said);
    assertEquals(++calls, calls(), "a file is gone");
  }

  @Test
  void testsAndOtherFilesDoNot() throws Exception {
    built();
    touch(home.resolve("ledger/src/test/java/A.java"));
    touch(home.resolve("deploy"));
    Files.writeString(home.resolve("chaos-tests/notes.txt"), "later");
    assertEquals(0, run(), this::said);
    assertEquals(1, calls());
  }

  @Test
  void twoCallsAtOnceBuildOnce() throws Exception {
    Files.createFile(home.resolve("hold"));
    Process first = start();
    until(() -> calls() == 1);
    Process second = start();
    until(() -> calls() == 2 || second.descendants().anyMatch(LauncherTest::sleeps));
    Files.delete(home.resolve("hold"));
    assertEquals(0, ended(first), this::said);
    assertEquals(0, ended(second), this::said);
    assertEquals(1, calls());
  }

  private static boolean sleeps(ProcessHandle process) {
    return process.info().command().filter(command -> command.endsWith("/sleep")).isPresent();
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "not within " + LIMIT);
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void aBuildThatFailedIsTriedAgain() throws Exception {
    Files.createFile(home.resolve("broken"));
    assertEquals(1, run());
    assertTrue(said().contains("[ERROR] it is broken"), this::said);
    Files.delete(home.resolve("broken"));
    assertEquals(0, run(), this::said);
    assertEquals(2, calls());
  }
}
