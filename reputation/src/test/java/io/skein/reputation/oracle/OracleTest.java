package io.skein.reputation.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.reputation.score.Reputation;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Scores bit by bit as the oracle has them, over ledgers drawn from their number.
class OracleTest {
  @Test
  void scoresAreTheOraclesOnThreeThousandLedgers() {
    compare(1, 3_000);
  }

  @Test
  @Tag("nightly")
  void scoresAreTheOraclesOnAHundredThousandLedgers() {
    compare(1, Long.getLong("oracle.ledgers", 100_000));
  }

  private static void compare(long from, long ledgers) {
    Map<Score.Basis, Long> met = new EnumMap<>(Score.Basis.class);
    for (long seed = from; seed < from + ledgers; seed++) {
      RandomLedger ledger = new RandomLedger(seed);
      Reputation reputation = new Reputation(10_000, RandomLedger.check());
      ledger.entries.forEach(
          entry -> reputation.apply(entry.feed(), entry.seq(), entry.hash(), entry.body()));
      Oracle oracle = new Oracle(ledger);
      Scores scores = reputation.scores(ledger);
      long now = oracle.ledgerTime();
      assertEquals(
          now < 0 ? OptionalLong.empty() : OptionalLong.of(now),
          scores.ledgerWindow(),
          "ledger " + seed);
      assertEquals(oracle.scores(), scores.bySubject(), "ledger " + seed);
      scores.bySubject().values().forEach(score -> met.merge(score.basis(), 1L, Long::sum));
    }
    System.out.printf(Locale.ROOT, "oracle: %,d ledgers, scores %s%n", ledgers, met);
    assertTrue(met.getOrDefault(Score.Basis.RATED, 0L) > ledgers, "scores that rest on raters");
    assertEquals(Score.Basis.values().length, met.size(), "every basis occurs");
  }
}
