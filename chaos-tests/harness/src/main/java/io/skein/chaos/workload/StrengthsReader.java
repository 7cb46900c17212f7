package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads how strongly a node advises each repair.
final class StrengthsReader implements Client {
  private static final long PAUSE_MILLIS = 400;
  private static final int MINUTE_SECONDS = 60;

  private final Session session;

  StrengthsReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.STRENGTHS, Json.NOTHING);
    session
        .ask("/v1/healing/strengths", "strengths")
        .flatMap(StrengthsReader::seen)
        .ifPresentOrElse(
            value -> session.ok(Vocabulary.STRENGTHS, value),
            () -> session.fail(Vocabulary.STRENGTHS, Json.NOTHING));
  }

  /// What is compared; empty while the node takes records in, which its heads name already.
  static Optional<Json> seen(Json answer) {
    OptionalLong effects = answer.whole("effects");
    Optional<Long> minute = answer.text("at").flatMap(StrengthsReader::minute);
    if (effects.isEmpty() || minute.isEmpty()) {
      return Optional.empty();
    }
    return answer
        .text("headsRoot")
        .map(heads ->
            Json.object()
                .with("heads", heads)
                .with("minute", minute.get())
                .with("effects", effects.getAsLong())
                .with("strengths", answer.member("strengths")));
  }

  private static Optional<Long> minute(String at) {
    try {
      return Optional.of(Instant.parse(at).getEpochSecond() / MINUTE_SECONDS);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}
