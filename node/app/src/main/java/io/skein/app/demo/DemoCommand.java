package io.skein.app.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `skein demo`: a mesh of three nodes and six endpoints in this process, real traffic, and the
/// failures that the mesh repairs, told as they happen or as figures at the end.
///
/// [#call] blocks until the script is over or the process is told to end. Its value is the exit
/// code: 0 if every expectation held, 1 if one did not, 2 for a flag out of range.
@Command(
    name = "skein demo",
    sortOptions = false,
    customSynopsis = {
      "Examples:",
      "  skein demo                                     watch it; Ctrl-C ends it",
      "  skein demo --headless --duration 60s -o json   60 s of traffic, then figures; exit 0 if it passed",
      "  skein demo --port-offset 1000                  beside another demo or node",
      ""
    },
    description =
        "Starts three nodes in three regions and six endpoints on this machine, sends real HTTP"
            + " traffic, kills an endpoint and a node, and tells what the mesh does.")
public final class DemoCommand implements Callable<Integer> {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|m)");
  private static final int MIN_SECONDS = 20;
  private static final int MAX_RATE = 2_000;
  private static final int MAX_OFFSET = 50_000;

  @Option(names = "--headless", description = "No endless run: ends after --duration.")
  private boolean headless;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "Length of the script, at least 20s (default: ${DEFAULT-VALUE}).")
  private String duration = "60s";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json for the final figures (default: ${DEFAULT-VALUE}).")
  private String output = "text";

  @Option(
      names = "--rate",
      paramLabel = "RPS",
      defaultValue = "120",
      description = "Requests per second, 1 to 2000 (default: ${DEFAULT-VALUE}).")
  private int rate = 120;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "Added to every port: mesh 7800-7821, traffic 8080-8082, API 9700-9702.")
  private int portOffset;

  @Option(names = "--keep", description = "Keep the nodes' data and logs at the end.")
  private boolean keep;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This text.")
  private boolean help;

  /// Runs the command. Returns its exit code.
  public static int run(String[] args) {
    return new CommandLine(new DemoCommand())
        .setExecutionExceptionHandler((failure, line, parsed) -> {
          if (failure instanceof IOException || failure instanceof InterruptedException) {
            System.err.println("skein demo: " + failure.getMessage());
            return 1;
          }
          throw failure;
        })
        .execute(args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Matcher matcher = DURATION.matcher(duration.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return usage("--duration: " + duration + " (expected: such as 60s or 2m)");
    }
    long seconds = Long.parseLong(matcher.group(1)) * (matcher.group(2).equals("m") ? 60 : 1);
    if (seconds < MIN_SECONDS) {
      return usage("--duration: " + duration + " (expected: at least " + MIN_SECONDS + "s)");
    }
    if (rate < 1 || rate > MAX_RATE) {
      return usage("--rate: " + rate + " (expected: 1 to " + MAX_RATE + ")");
    }
    if (portOffset < 0 || portOffset > MAX_OFFSET) {
      return usage("--port-offset: " + portOffset + " (expected: 0 to " + MAX_OFFSET + ")");
    }
    if (!output.equals("text") && !output.equals("json")) {
      return usage("-o: " + output + " (expected: text or json)");
    }
    DemoOptions options =
        new DemoOptions(
            headless, Duration.ofSeconds(seconds), output.equals("json"), rate, portOffset, keep);
    return Demo.run(options, System.out, System.err);
  }

  private static int usage(String problem) {
    System.err.println("skein demo: " + problem);
    return 2;
  }
}
