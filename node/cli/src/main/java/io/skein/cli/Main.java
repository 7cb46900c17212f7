package io.skein.cli;

import java.util.List;

/// Entry of the client: `java … io.skein.cli.Main VERB …`.
public final class Main {
  private Main() {}

  /// Runs one command and exits with its [ExitCode].
  public static void main(String[] args) {
    System.exit(new Cli(Terminal.ofProcess()).run(List.of(args)).number());
  }
}
