package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import java.util.Set;

/// Asks one node who stands in for whom, among those it does not hold for gone.
final class ShadowsReader implements Client {
  private static final long PAUSE_MILLIS = 500;
  private static final Set<String> GONE = Set.of("dead", "left");

  private final Session session;

  ShadowsReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.SHADOWS, Json.NOTHING);
    session
        .ask("/v1/shadows", "assignments")
        .ifPresentOrElse(
            told -> session.ok(Vocabulary.SHADOWS, Json.object().with("shadows", shadows(told))),
            () -> session.fail(Vocabulary.SHADOWS, Json.NOTHING));
  }

  /// By name. A node that joined anew has the name of the identity it lost, which is gone.
  static Json shadows(Json answer) {
    Json.Members shadows = Json.object();
    for (Json each : answer.member("assignments").items()) {
      if (!GONE.contains(each.text("state").orElse(""))) {
        List<String> named =
            each.member("shadows").items().stream()
                .map(shadow -> shadow.text("node").orElse(""))
                .toList();
        shadows = shadows.with(each.text("node").orElse(""), Json.strings(named));
      }
    }
    return shadows;
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}
