package io.skein.cli;

import io.skein.cli.json.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// How far a change must have come before its command returns: `--ack replicated:2 --wait=10s`.
///
/// @param query what the node is asked for; empty text: nothing beyond its own log
/// @param patience how long that may take
record Acknowledged(String query, Duration patience) {
  static final Option OPTION =
      Option.of(
          "--ack",
          "LEVEL",
          "local, replicated:N or witnessed:N: how far it must have come; else exit 6");

  private static final Pattern LEVEL =
      Pattern.compile("local|(replicated|witnessed):([1-9]|[1-5][0-9]|6[0-4])");
  private static final Duration USUAL = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofSeconds(60);

  static Acknowledged of(Arguments arguments) {
    Optional<String> level = arguments.text("--ack");
    if (level.isEmpty()) {
      return new Acknowledged("", Duration.ZERO);
    }
    if (!LEVEL.matcher(level.get()).matches()) {
      throw Failure.usage(
          "--ack: '"
              + level.get()
              + "' (expected: local, replicated:N or witnessed:N with N from 1 to 64)");
    }
    Duration wait = arguments.duration("--wait", USUAL);
    if (wait.isZero() || wait.compareTo(MOST) > 0) {
      throw Failure.usage("--wait: with --ack at least 1ms and at most 60s");
    }
    return new Acknowledged(
        "?ack=" + ApiClient.segment(level.get()) + "&timeout=" + wait.toMillis() + "ms", wait);
  }

  /// Makes a change and waits until it has come so far.
  ApiClient.Answer change(Session session, String method, String path, Optional<Json> body) {
    return session.api().change(method, path + query, body, patience);
  }
}
