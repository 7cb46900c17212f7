package io.skein.app.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.contract.Rules.Compiled;
import io.skein.reputation.contract.Figures;
import io.skein.reputation.contract.Ruling;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What conditions may say, and what is said of those that may not.
final class CelRulesTest {
  private static final Rules RULES = RulesLoader.load();

  /// 1,000 requests seen by three, 2,500 of a million bad, median 4.001 ms, p99 200 ms.
  private static final Figures SEEN =
      new Figures(1_000, 3, 2_500, 4_001, 200_000, 190_000, 250_000);

  private static Ruling ruling(String require) {
    return assertInstanceOf(Compiled.Usable.class, RULES.compile(require), require)
        .condition()
        .of(SEEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p99_ms <= 200",
        "p99_us <= 200000 && p50_ms == 5 && p50_us == 4001",
        "bad_ppm < 2501 || requests < 50",
        "requests * 25 / 10000 == 2 && requests % 7 == 6",
        "!(raters < 3) && -raters < 0",
        "raters > 2 ? p99_ms - p50_ms < 196 : false",
        "true"
      })
  void holds(String require) {
    assertEquals(Ruling.HELD, ruling(require));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p99_ms < 200", "p50_ms <= 4", "false", "bad_ppm != 2500"})
  void fails(String require) {
    assertEquals(Ruling.FAILED, ruling(require));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requests / (raters - 3) > 1",
        "requests % (raters - 3) > 1",
        "9223372036854775807 + raters > 0",
        "9223372036854775807 * raters > 0",
        "-9223372036854775807 - raters < 0"
      })
  void whatHasNoValueDecidesNothing(String require) {
    assertEquals(Ruling.UNDECIDED, ruling(require));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "p99_mss <= 200;1:1: undeclared reference to 'p99_mss'; known are p50_us, p99_us, p50_ms,"
            + " p99_ms, bad_ppm, requests, raters",
        "p99_ms;1:1: expected type 'bool' but found 'int'",
        "p99_ms <= 200.0;1:8: found no matching overload for '_<=_'",
        "p99_ms +;1:9: mismatched input",
      },
      ignoreLeadingAndTrailingWhitespace = false)
  void saysWhereAndWhatIsWrong(String require, String says) {
    assertTrue(fault(require).startsWith(says), fault(require));
  }

  private static String fault(String require) {
    return assertInstanceOf(Compiled.Faulty.class, RULES.compile(require), require).message();
  }

  @Test
  void aSecondLineIsNamedAsOne() {
    assertTrue(
        fault("p99_ms <= 200\n && bad < 3").startsWith("2:5: undeclared"), "line and column");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5 == 1.5",
        "'a' == 'b'",
        "[p99_ms] == [3]",
        "{1: 2} == {1: 2}",
        "null == null",
        "1u == 1u",
        "b'x' == b'x'",
        "[1, 2].exists(x, x > 1)",
        "[1, 2].all(x, x > 1)",
        "has(p99_ms.a)",
        "p99_ms.a == 1",
        "p99_ms in [1, 2]",
        "timestamp('2020-01-01T00:00:00Z') == timestamp('2020-01-01T00:00:00Z')",
        "duration('1s') == duration('1s')",
        "'a'.matches('a')",
        "size('a') == 1",
        "int(1.0) == 1",
        "type(1) == int",
        "dyn(1) == 1",
        "google.protobuf.Int64Value{value: 1} == 1",
        ""
      })
  void nothingButWholeNumbersAndTruthValues(String require) {
    assertTrue(fault(require).matches("(?s)[0-9]+:[0-9]+: .+"), fault(require));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "!", "-", "p99_ms+", "true&&", "a?b:"})
  void whatIsLongOrDeepIsRefusedOrCompiledAndNeverThrown(String part) {
    for (int times : new int[] {10, 50, 80, 600, 20_000}) {
      RULES.compile(part.repeat(times) + "p99_ms > 1");
      RULES.compile(part.repeat(times));
    }
    assertInstanceOf(Compiled.Faulty.class, RULES.compile("p99_ms<1" + " ".repeat(600)));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whateverIsSaidIsCompiledOrRefused(long seed) {
    Random random = new Random(seed);
    String[] words = {
      "p99_ms",
      "<=",
      "200",
      "&&",
      "(",
      ")",
      "-",
      "!",
      "?",
      ":",
      "1.5",
      "'",
      "[",
      "]",
      "{",
      ".",
      "in",
      "\\",
      "\u0000",
      "\ud83d\ude00",
      "/",
      "0x7f",
      "requests",
      "true",
      "has",
      "//",
      "\n",
      "`",
      "@",
      "9".repeat(30)
    };
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = random.nextInt(1, 12); left > 0; left--) {
        text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
      }
      switch (RULES.compile(text.toString())) {
        case Compiled.Usable(var condition) -> condition.of(SEEN);
        case Compiled.Faulty(String message) ->
            assertTrue(message.matches("(?s)[0-9]+:[0-9]+: .+"), message);
      }
    }
  }
}
