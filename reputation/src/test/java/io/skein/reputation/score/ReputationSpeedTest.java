package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.PeerOutcome;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// Prints what applying and scoring cost at 100 subjects and 10 raters with full rings. The limits
/// are far above what is expected: they catch a wrong order of growth, not a busy machine.
class ReputationSpeedTest {
  private static final int RATERS = 10;
  private static final int ENDPOINTS = 90;
  private static final int WINDOWS = 256;

  @Test
  void staysFarBelowAWindowsLength() {
    Town town = new Town(RATERS);
    List<Town.Word> words = new ArrayList<>();
    for (long window = 0; window < WINDOWS; window++) {
      for (int rater = 0; rater < RATERS; rater++) {
        List<EndpointOutcome> endpoints = new ArrayList<>();
        for (int i = 0; i < ENDPOINTS; i++) {
          endpoints.add(Town.saw("service/" + i, 50 + i, (int) (window + i) % 7));
        }
        List<PeerOutcome> peers = new ArrayList<>();
        for (int peer = 0; peer < RATERS; peer++) {
          peers.add(town.forwarded(rater, peer, window, 20, 0));
        }
        words.add(town.word(rater, window, window + 1, endpoints, peers));
      }
    }
    Reputation reputation = town.reputation();
    long started = System.nanoTime();
    words.forEach(word -> word.to(reputation));
    long applied = System.nanoTime() - started;

    int rounds = 200;
    Scores scores = Scores.NONE;
    long scored = Long.MAX_VALUE;
    for (int i = 0; i < rounds; i++) {
      long before = System.nanoTime();
      scores = reputation.scores(town);
      scored = Math.min(scored, System.nanoTime() - before);
    }
    System.out.printf(
        Locale.ROOT,
        "reputation: %,d records/s applied (100 outcomes each); scores() of %d subjects by %d"
            + " raters %.2f ms%n",
        words.size() * 1_000_000_000L / applied,
        scores.bySubject().size(),
        RATERS,
        scored / 1e6);
    assertEquals(ENDPOINTS + RATERS, scores.bySubject().size());
    assertTrue(scores.bySubject().values().stream().allMatch(s -> s.basis() == Score.Basis.RATED));
    assertTrue(scored < 200_000_000, "ns: " + scored);
  }
}
