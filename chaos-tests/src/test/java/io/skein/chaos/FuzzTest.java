package io.skein.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Every class `…Fuzz` among the tests of any module, under Jazzer for `-Dfuzz.seconds` (300).
@Tag("nightly")
class FuzzTest {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 300);
  private static final String WRITER = "io.skein.ledger.fuzz.Seeds";
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");

  @TestFactory
  Stream<DynamicTest> findsNothing() throws IOException {
    TreeMap<String, Path> targets = new TreeMap<>();
    Path root = Path.of("..").toAbsolutePath().normalize();
    try (Stream<Path> files = Files.walk(root, 16)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Fuzz.class")).toList()) {
        String path = root.relativize(file).toString();
        int classes = path.indexOf("target/test-classes/");
        if (classes >= 0) {
          String name = path.substring(classes + "target/test-classes/".length());
          targets.put(
              name.replace(".class", "").replace('/', '.'),
              root.resolve(path.substring(0, classes)));
        }
      }
    }
    assertFalse(targets.isEmpty(), "no fuzz targets; were the modules compiled?");
    return targets.entrySet().stream()
        .map(target ->
            DynamicTest.dynamicTest(
                target.getKey(), () -> fuzz(target.getKey(), target.getValue())));
  }

  private static void fuzz(String target, Path module) throws IOException, InterruptedException {
    Path list = module.resolve("target/test-class-path");
    assertTrue(Files.exists(list), () -> list + " is written by the profile nightly");
    Path corpus = Files.createDirectories(module.resolve("target/fuzz-nightly/" + target));
    String classPath =
        module.resolve("target/test-classes")
            + ":"
            + module.resolve("target/classes")
            + ":"
            + Files.readString(list).strip();
    List<String> command =
        new ArrayList<>(
            List.of(
                "nice",
                "-n",
                "19",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target,
                "--instrumentation_includes=io.skein.**",
                "--custom_hook_includes=io.skein.**",
                "--reproducer_path=" + module.resolve("target"),
                "-artifact_prefix=" + module.resolve("target/fuzz-"),
                "-max_total_time=" + SECONDS,
                "-max_len=70000",
                "-print_final_stats=1",
                corpus.toString()));
    command.addAll(seeds(module, classPath));
    String simple = target.substring(target.lastIndexOf('.') + 1);
    Ran ran = Ran.of(command, Map.of(), Duration.ofSeconds(SECONDS + 240L));
    Matcher executions = EXECUTIONS.matcher(ran.err());
    String count = executions.find() ? executions.group(1) : "?";
    System.out.printf(
        "nightly: fuzzing `%s`: %,d executions in %d s, %s%n",
        simple,
        count.equals("?") ? 0 : Long.parseLong(count),
        SECONDS,
        ran.exit() == 0 ? "nothing found" : "FOUND SOMETHING");
    assertEquals(0, ran.exit(), () -> tail(ran.out()) + tail(ran.err()));
    assertFalse(count.equals("?"), () -> tail(ran.err()));
  }

  /// Folders of inputs to start from: all that the module has, whatever they are for.
  private static List<String> seeds(Path module, String classPath)
      throws IOException, InterruptedException {
    Path written = module.resolve("target/fuzz");
    if (Files.exists(
        module.resolve("target/test-classes/" + WRITER.replace('.', '/') + ".class"))) {
      String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
      Ran ran =
          Ran.of(
              List.of(java, "-cp", classPath, WRITER, "write", written.toString()),
              Map.of(),
              Duration.ofMinutes(2));
      assertEquals(0, ran.exit(), () -> tail(ran.err()));
    }
    List<String> folders = new ArrayList<>();
    for (Path parent : List.of(written, module.resolve("src/test/resources/fuzz"))) {
      if (Files.isDirectory(parent)) {
        try (Stream<Path> children = Files.list(parent)) {
          children.filter(Files::isDirectory).sorted().map(Path::toString).forEach(folders::add);
        }
      }
    }
    return folders;
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 6_000));
  }
}
