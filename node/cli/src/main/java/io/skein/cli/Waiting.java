package io.skein.cli;

import java.time.Duration;
import java.util.function.Supplier;

/// `--wait[=TIME]` of what changes the mesh: to return when the asked node shows the change.
final class Waiting {
  static final Option OPTION =
      new Option(
          "--wait",
          "",
          "TIME",
          true,
          "return when the node shows it; at most 30s, or TIME; also --ack's limit");

  private static final Duration USUAL = Duration.ofSeconds(30);

  private Waiting() {}

  /// Waits, if told to, until `shown`.
  ///
  /// @param what is awaited, in words
  /// @param look the command that shows it, for the message that it did not come in time
  static void until(
      Session session, Arguments arguments, String what, String look, Supplier<Boolean> shown) {
    if (arguments.has(OPTION.name())) {
      session.await(arguments.duration(OPTION.name(), USUAL), what, look, shown);
    }
  }
}
