package io.skein.reputation.snapshot;

import io.skein.ledger.record.Hash;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// All scores at one moment of ledger time. Immutable; any thread.
public final class Scores {
  private static final Score UNKNOWN_ENDPOINT =
      new Score(Score.HALF_Q30, 0, 0, Score.Basis.NEUTRAL);
  private static final Score UNKNOWN_PEER = new Score(Score.HALF_Q30, 0, 0, Score.Basis.LIMITED);

  /// The scores of a mesh without records.
  public static final Scores NONE = new Scores(OptionalLong.empty(), new TreeMap<>());

  private final OptionalLong ledgerWindow;
  private final SortedMap<Subject, Score> bySubject;
  private final Hash repRoot;

  /// @param ledgerWindow the window of ledger time they hold for; empty if no record counts
  /// @param bySubject copied
  public Scores(OptionalLong ledgerWindow, SortedMap<Subject, Score> bySubject) {
    this.ledgerWindow = ledgerWindow;
    this.bySubject = Collections.unmodifiableSortedMap(new TreeMap<>(bySubject));
    this.repRoot = ScoreEncoding.root(ledgerWindow, this.bySubject);
  }

  /// These scores less what is taken from endpoints, never below 0; one that nobody spoke of is
  /// scored, too.
  ///
  /// @param penalties by endpoint's id, Q30, 0 or more
  public Scores lessened(SortedMap<String, Long> penalties) {
    if (penalties.isEmpty()) {
      return this;
    }
    SortedMap<Subject, Score> lessened = new TreeMap<>(bySubject);
    penalties.forEach((endpoint, penalty) -> {
      Subject subject = new EndpointSubject(endpoint);
      Score score = of(subject);
      long q30 = Math.max(0, score.q30() - penalty);
      lessened.put(subject, new Score(q30, score.raters(), score.windows(), score.basis()));
    });
    return new Scores(ledgerWindow, lessened);
  }

  /// The window of ledger time they hold for; empty if no record counts.
  public OptionalLong ledgerWindow() {
    return ledgerWindow;
  }

  /// The score of `subject`: ½ for one nobody spoke of.
  public Score of(Subject subject) {
    Score score = bySubject.get(subject);
    if (score != null) {
      return score;
    }
    return switch (subject) {
      case EndpointSubject _ -> UNKNOWN_ENDPOINT;
      case PeerSubject _ -> UNKNOWN_PEER;
    };
  }

  /// Every admitted peer and every endpoint with evidence, in the order of [Subject].
  public SortedMap<Subject, Score> bySubject() {
    return bySubject;
  }

  /// SHA-256 over the scores' encoding: equal on two nodes exactly when all scores are.
  public Hash repRoot() {
    return repRoot;
  }

  /// The bytes whose hash [#repRoot()] is.
  public byte[] encoded() {
    return ScoreEncoding.bytes(ledgerWindow, bySubject);
  }
}
