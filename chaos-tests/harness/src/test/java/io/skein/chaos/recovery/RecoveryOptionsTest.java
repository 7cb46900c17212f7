package io.skein.chaos.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecoveryOptionsTest {
  private static RecoveryOptions parse(String line) {
    return RecoveryOptions.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
  }

  @Test
  void withoutWordsEverythingIsBrokenThreeTimes() {
    assertEquals(
        new RecoveryOptions(5, 3, List.of(Breakage.values()), 200, 0, true, false, false, false),
        parse(""));
  }

  @Test
  void everyFlagIsTakenInBothForms() {
    RecoveryOptions wanted =
        new RecoveryOptions(
            4,
            20,
            List.of(Breakage.NODE_KILLED, Breakage.HALVES),
            50,
            30,
            false,
            true,
            true,
            false);
    String rest = " --warm-up 30 --without-haproxy --loopback -o json";
    assertEquals(wanted, parse("--nodes 4 --runs 20 --faults node-killed,halves --rate 50" + rest));
    assertEquals(wanted, parse("--nodes=4 --runs=20 --faults=node-killed,halves --rate=50" + rest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--nodes 3",
        "--nodes",
        "--runs 0",
        "--runs many",
        "--rate 1",
        "--warm-up -1",
        "--faults earthquake",
        "--faults",
        "-o xml",
        "--minutes 3"
      })
  void anythingElseIsRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> parse(line));
  }

  @Test
  void theHelpNamesEveryFault() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertEquals(0, new RecoveryCommand(printed, printed, Path.of("nowhere")).run(List.of("-h")));
    String text = out.toString(StandardCharsets.UTF_8);
    Breakage.words().forEach(word -> assertTrue(text.contains(word), word));
  }
}
