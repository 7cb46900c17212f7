package io.skein.chaos.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.driver.HostPort;
import io.skein.chaos.nemesis.Kind;
import io.skein.chaos.workload.Workloads;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static Options parse(String line) {
    return Options.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
  }

  @Test
  void withoutWordsItIsTenMinutesOfEverythingAgainstFiveNodes() {
    Options options = parse("");

    assertEquals(5, options.nodes());
    assertEquals(10, options.minutes());
    assertEquals(Optional.empty(), options.kinds());
    assertEquals(new TreeSet<>(Workloads.NAMES), options.workloads());
    assertTrue(options.seed().isEmpty());
    assertTrue(options.against().isEmpty());
  }

  @Test
  void everyFlagIsTakenInBothForms() {
    Options options =
        parse(
            "--nodes=3 --minutes 1.5 --nemesis halves,kill-all --workload=append --seed 7"
                + " --report r.html --history=h.jsonl --together=1 --driver containers --image a:b"
                + " --upgrade-from old --hold=600");

    assertEquals(3, options.nodes());
    assertEquals(1.5, options.minutes());
    assertEquals(Optional.of(List.of(Kind.HALVES, Kind.KILL_ALL)), options.kinds());
    assertEquals(Set.of("append"), options.workloads());
    assertEquals(7, options.seed().orElseThrow());
    assertEquals("r.html", options.report().orElseThrow());
    assertEquals("h.jsonl", options.history().orElseThrow());
    assertEquals(1, options.together());
    assertEquals("containers", options.driver());
    assertEquals("a:b", options.image());
    assertEquals("old", options.upgradeFrom().orElseThrow());
    assertEquals(600, options.holdSeconds().orElseThrow());
  }

  @Test
  void noFaultsAreSomethingElseThanAllThatArePossible() {
    assertEquals(Optional.of(List.of()), parse("--nemesis none").kinds());
    assertEquals(Optional.of(List.of()), parse("--nemesis=none --minutes 60").kinds());
  }

  @Test
  void aRunningMeshIsNamedByAnyNumberOfAddresses() {
    List<HostPort> three =
        List.of(new HostPort("a", 1), new HostPort("b", 2), new HostPort("127.0.0.1", 3));

    assertEquals(three, parse("--against a:1 b:2 http://127.0.0.1:3 --seed 1").against());
    assertEquals(three, parse("--against=a:1,b:2,127.0.0.1:3").against());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--nodes 2",
        "--nodes 16",
        "--nodes",
        "--minutes 0",
        "--minutes NaN",
        "--nemesis earthquake",
        "--nemesis none,kill",
        "--nemesis",
        "--workload sleep",
        "--seed -1",
        "--report",
        "--against nowhere",
        "--against a:0",
        "chaos",
        "--driver",
        "--driver ship",
        "--what"
      })
  void whatItDoesNotUnderstandIsUsage(String line) {
    assertThrows(IllegalArgumentException.class, () -> parse(line));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit = assertExit(new ChaosCommand(to, to, false, Path.of(".")), line);
    assertEquals(2, exit);
    assertTrue(said.toString(StandardCharsets.UTF_8).contains("--help"));
  }

  private static int assertExit(ChaosCommand command, String line) {
    try {
      return command.run(List.of(line.split(" ", -1)));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theHelpNamesEveryFaultAndEveryWorkload() {
    String help = Help.text();

    Kind.words().forEach(word -> assertTrue(help.contains("\n  " + word + " "), word));
    Workloads.NAMES.forEach(name -> assertTrue(help.contains(name), name));
  }
}
