package io.skein.app.mesh;

import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EffectFigures;
import java.util.Locale;

/// What heal records say to people: the evidence, and after it what is expected of the repair.
final class HealWords {
  private static final String EXPECTS = "; expects ";
  private static final int MOST = 300;

  private HealWords() {}

  /// The text of a record.
  ///
  /// @param before requests before the repair
  static String evidence(String evidence, Figures before) {
    return evidence(evidence, before.expected());
  }

  /// As the other, of a repair that no requests show.
  static String evidence(String evidence, String expected) {
    String held = evidence.length() > MOST ? evidence.substring(0, MOST) : evidence;
    return held + EXPECTS + expected;
  }

  /// What a record's repair was decided for.
  static String evidenceIn(String text) {
    int at = text.lastIndexOf(EXPECTS);
    return at < 0 ? text : text.substring(0, at);
  }

  /// What was expected of it; empty text if the record does not say.
  static String expectedIn(String text) {
    int at = text.lastIndexOf(EXPECTS);
    return at < 0 ? "" : text.substring(at + EXPECTS.length());
  }

  /// What was measured.
  static String measured(Body.Effect effect) {
    return words(effect, effect.before()) + " → " + words(effect, effect.after());
  }

  private static String words(Body.Effect effect, EffectFigures said) {
    if (effect.action().equals(ActionKind.REJOIN.word())) {
      return said.requests() + " heard of and not in the view";
    }
    Figures figures = new Figures(said.requests(), said.failed(), said.latencyMicros());
    return effect.action().equals(ActionKind.FALL_BACK.word())
        ? String.format(
            Locale.ROOT,
            "off by %.0f %% of %d requests",
            figures.failureShare() * 100,
            figures.requests())
        : figures.words();
  }
}
