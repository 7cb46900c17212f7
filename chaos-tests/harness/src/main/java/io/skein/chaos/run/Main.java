package io.skein.chaos.run;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Entry of `skein chaos`.
public final class Main {
  private Main() {}

  /// Runs the command; the first word is the verb itself.
  public static void main(String[] args) throws InterruptedException {
    List<String> words = Arrays.asList(args);
    if (!words.isEmpty() && words.getFirst().equals("chaos")) {
      words = words.subList(1, words.size());
    }
    System.exit(
        new ChaosCommand(
                System.out,
                System.err,
                System.console() != null && System.console().isTerminal(),
                Path.of(System.getProperty("skein.home", ".")))
            .run(words));
  }
}
