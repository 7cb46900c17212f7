package io.skein.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `skein chaos` as a user runs it, for a minute: as root with the network broken too, else with
/// processes on loopback.
@Tag("process")
class ChaosCommandTest {
  private static final Duration LIMIT = Duration.ofSeconds(240);
  private static final double OVERLOAD = 4;
  private static final int LEAST_ACKNOWLEDGED = 100;

  @TempDir Path folder;

  private record Ended(int exit, String said) {}

  private Ended chaos(String... words) throws Exception {
    Path said = folder.resolve("said");
    List<String> command = new ArrayList<>(List.of("chaos"));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(Distribution.command(command))
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(said.toFile())
            .start();
    try {
      boolean over = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assumeTrue(over || load() <= OVERLOAD, () -> "no end in time at a load of " + load());
      assertTrue(over, "no end within " + LIMIT.toSeconds() + " s");
    } finally {
      // SIGTERM first: it removes what it made.
      process.destroy();
      process.waitFor(20, TimeUnit.SECONDS);
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(said));
  }

  /// Runnable processes for each processor.
  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()
        / Runtime.getRuntime().availableProcessors();
  }

  @Test
  void aMinuteOfFaultsLosesNothing() throws Exception {
    Path history = folder.resolve("history.jsonl");
    Path report = folder.resolve("report.html");
    Ended ended =
        chaos(
            "--minutes",
            "1",
            "--seed",
            "1",
            "--nemesis",
            "halves,kill,pause-short",
            "--history",
            history.toString(),
            "--report",
            report.toString());

    System.out.println(ended.said());
    double load = load();
    assumeTrue(
        ended.exit() == 0 || load <= OVERLOAD,
        () -> "load of " + load + " a processor: cannot be judged:\n" + ended.said());
    assertEquals(0, ended.exit(), ended::said);

    Set<String> begun = new TreeSet<>();
    Set<String> proven = new TreeSet<>();
    int acknowledged = 0;
    ObjectMapper json = new ObjectMapper();
    List<String> lines = Files.readAllLines(history);
    for (String line : lines.subList(1, lines.size())) {
      JsonNode event = json.readTree(line);
      if (event.path("value").path("begins").asBoolean()) {
        begun.add(event.path("value").path("fault").asText());
      } else if (event.path("function").asText().equals("proof")) {
        proven.add(event.path("value").path("of").asText());
      } else if (event.path("function").asText().equals("append")
          && event.path("kind").asText().equals("OK")) {
        acknowledged++;
      }
    }
    assertTrue(proven.size() >= 2, () -> "too few faults took hold: " + proven);
    assertTrue(begun.containsAll(proven));
    assertTrue(acknowledged >= LEAST_ACKNOWLEDGED, "too few appends: " + acknowledged);
    assertTrue(Files.readString(report).startsWith("<!doctype html>"));
    assertTrue(ended.said().contains("replay: skein chaos"), ended::said);
  }

  @Test
  void aFlagItDoesNotKnowIsUsage() throws Exception {
    Ended ended = chaos("--nemesis", "earthquake");

    assertEquals(2, ended.exit(), ended::said);
    assertTrue(ended.said().contains("halves"), ended::said);
  }
}
