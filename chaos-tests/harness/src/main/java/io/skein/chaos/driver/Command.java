package io.skein.chaos.driver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A short program of the system, run to its end.
public final class Command {
  private static final long LIMIT_SECONDS = 20;

  private Command() {}

  /// What a program said, and how it ended.
  ///
  /// @param exit its exit code
  /// @param output standard output and standard error
  record Ended(int exit, String output) {
    boolean good() {
      return exit == 0;
    }
  }

  /// Runs it, with `input` as its standard input.
  static Ended run(String input, List<String> words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It ended without reading; its exit code tells.
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", words) + ": no end after " + LIMIT_SECONDS + " s");
    }
    return new Ended(process.exitValue(), output.strip());
  }

  static Ended run(String... words) throws IOException, InterruptedException {
    return run("", List.of(words));
  }

  /// Runs it and returns its output.
  ///
  /// @throws IOException if it is not there or ends with anything but 0
  static String must(String... words) throws IOException, InterruptedException {
    Ended ended = run(words);
    if (!ended.good()) {
      throw new IOException(String.join(" ", words) + ": " + ended.output());
    }
    return ended.output();
  }

  /// Whether it is there and ends with 0.
  public static boolean works(String... words) throws InterruptedException {
    try {
      return run(words).good();
    } catch (IOException _) {
      return false;
    }
  }
}
