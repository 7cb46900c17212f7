package io.skein.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A command line that was run.
///
/// @param code how it ended
/// @param out its data
/// @param err its talk
record Ran(ExitCode code, String out, String err) {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-07-01T12:00:30Z"), ZoneOffset.UTC);

  static Ran of(Map<String, String> environment, boolean interactive, String... args) {
    return of(environment, interactive, CLOCK, 50, args);
  }

  /// @param pauses after how many pauses it is interrupted
  static Ran of(
      Map<String, String> environment,
      boolean interactive,
      Clock clock,
      int pauses,
      String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    AtomicInteger left = new AtomicInteger(pauses);
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            interactive,
            clock,
            () -> environment.getOrDefault("TYPED", ""),
            _ -> left.getAndDecrement() > 0);
    ExitCode code = new Cli(terminal).run(List.of(args));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
