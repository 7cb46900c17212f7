package io.skein.api;

import io.skein.api.view.Ladder;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far a record must have come before its writer is answered.
///
/// @param level which rung
/// @param count how many others, 1 to 64; 0 for `local`
public record Acknowledgement(Level level, int count) {
  /// The answer as soon as the record is durable in this node's log.
  public static final Acknowledgement LOCAL = new Acknowledgement(Level.LOCAL, 0);

  /// The form that [#parse] takes.
  static final String FORM = "local, replicated:N or witnessed:N with N from 1 to 64";

  private static final Pattern TEXT = Pattern.compile("(replicated|witnessed):([1-9][0-9]?)");
  private static final int MAX_COUNT = 64;

  /// A rung of the ladder.
  public enum Level {
    /// In the author's own log.
    LOCAL,
    /// In the logs of `count` other nodes that are alive.
    REPLICATED,
    /// Under a checkpoint that `count` others have cosigned.
    WITNESSED
  }

  public Acknowledgement {
    if ((level == Level.LOCAL) != (count == 0) || count < 0 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count: " + count + " (expected: " + FORM + ")");
    }
  }

  /// Reads `local`, `replicated:2`, `witnessed:3`; empty for anything else.
  public static Optional<Acknowledgement> parse(String text) {
    if (text.equals("local")) {
      return Optional.of(LOCAL);
    }
    Matcher form = TEXT.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(2)) > MAX_COUNT) {
      return Optional.empty();
    }
    return Optional.of(
        new Acknowledgement(
            Level.valueOf(form.group(1).toUpperCase(Locale.ROOT)),
            Integer.parseInt(form.group(2))));
  }

  /// Whether a record that stands there stands high enough.
  public boolean reachedBy(Ladder ladder) {
    return switch (level) {
      case LOCAL -> true;
      case REPLICATED -> ladder.replicas() >= count;
      case WITNESSED -> ladder.witnesses() >= count;
    };
  }

  /// The form that [#parse] takes.
  public String text() {
    String name = level.name().toLowerCase(Locale.ROOT);
    return level == Level.LOCAL ? name : name + ":" + count;
  }
}
