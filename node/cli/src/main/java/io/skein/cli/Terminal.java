package io.skein.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Where a command runs.
///
/// @param out data
/// @param err talk
/// @param environment variables
/// @param interactive whether `out` is a terminal
/// @param clock wall clock, for ages
/// @param answers reads a line that somebody types; empty text at the end of input
/// @param pause waits; answers false if the command should stop instead
record Terminal(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean interactive,
    Clock clock,
    Supplier<String> answers,
    Function<Duration, Boolean> pause) {
  /// The process's own.
  static Terminal ofProcess() {
    PrintStream out = System.out;
    return new Terminal(
        out,
        System.err,
        System.getenv(),
        isTerminal(),
        Clock.systemUTC(),
        Terminal::line,
        Terminal::sleep);
  }

  /// Colour only on a terminal whose user has not asked for none (no-color.org).
  boolean colour() {
    return interactive
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /// Asks the kernel: loading the JDK's console takes longer than all the rest.
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  private static String line() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean sleep(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
