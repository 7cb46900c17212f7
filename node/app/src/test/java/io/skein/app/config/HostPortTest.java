package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:0",
        "[::1]:7800",
        "[fe80::1]:65535",
        "eu-1.example.org:7800",
        "a_b:1",
        "skein-0:1"
      })
  void showsWhatItParsed(String text) {
    assertEquals(text, HostPort.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        ":1",
        "a:",
        "a:b",
        "a:-1",
        "a:65536",
        "a:999999",
        "::1:1",
        "[::1]",
        "[a]:1",
        "[:::1]:1",
        "1.2.3:1",
        "1.2.3.4.5:1",
        "1.2.3.256:1",
        "-a:1",
        "a..b:1",
        "a b:1",
        "a/b:1",
        "http://a:1",
        "ü:1",
        "[::1]x:1"
      })
  void refusesWhatIsNone(String text) {
    assertThrows(ConfigMistake.class, () -> HostPort.parse(text));
  }

  @Test
  void knowsWhoCanReachIt() {
    assertTrue(HostPort.parse("localhost:1").isLoopback());
    assertTrue(HostPort.parse("127.9.9.9:1").isLoopback());
    assertTrue(HostPort.parse("[::1]:1").isLoopback());
    assertFalse(HostPort.parse("0.0.0.0:1").isLoopback());
    assertFalse(HostPort.parse("127.example.org:1").isLoopback());
    assertTrue(HostPort.parse("0.0.0.0:1").isWildcard());
    assertTrue(HostPort.parse("[::]:1").isWildcard());
  }

  @Test
  void overlapsOnOnePortOfOneHostOrAWildcard() {
    assertTrue(HostPort.parse("a:1").overlaps(HostPort.parse("A:1")));
    assertTrue(HostPort.parse("0.0.0.0:1").overlaps(HostPort.parse("a:1")));
    assertFalse(HostPort.parse("a:1").overlaps(HostPort.parse("b:1")));
    assertFalse(HostPort.parse("a:0").overlaps(HostPort.parse("a:0")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "1ms", "999ms", "1s", "90s", "1m", "60001ms", "2h"})
  void durationsAreShownAsParsed(String text) {
    assertEquals(text, Durations.format(Durations.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1.5s", "-1s", "1 s", "1d", "s", "99999999999s", "1S"})
  void durationsAreStrict(String text) {
    assertThrows(ConfigMistake.class, () -> Durations.parse(text));
  }

  @Test
  void aMinuteIsSixtySeconds() {

    assertEquals(Duration.ofMinutes(1), Durations.parse("60s"));
  }
}
