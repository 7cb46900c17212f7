package io.skein.reputation.score;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.contract.Contract;
import io.skein.reputation.contract.Findings;
import io.skein.reputation.contract.Judge;
import io.skein.reputation.contract.Place;
import io.skein.reputation.contract.Voice;
import io.skein.reputation.evidence.AcknowledgementCheck;
import io.skein.reputation.evidence.Counted;
import io.skein.reputation.evidence.Decay;
import io.skein.reputation.evidence.Evidence;
import io.skein.reputation.evidence.Subject;
import io.skein.reputation.evidence.Sums;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import io.skein.reputation.snapshot.Why;
import io.skein.reputation.snapshot.WindowTotal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reputation of endpoints and peers: a pure integer function of ledger records.
///
/// The same set of records and the same standings give the same scores, bit for bit, on every node,
/// in whatever order the records came and however often. Applying a record costs its own outcomes;
/// reading scores costs one pass over the rings (about a millisecond for 100 subjects and 10
/// raters).
///
/// One thread; the [Scores] and [Why] it returns are immutable and any thread's.
public final class Reputation {
  private final long windowMillis;
  private final Parameters parameters;
  private final Evidence evidence;
  private final Sums sums = new Sums();

  /// Scoring with [Parameters#DEFAULT].
  ///
  /// @param windowMillis length of a window, from genesis; positive
  /// @param check decides which bad counts about peers are proven
  public Reputation(long windowMillis, AcknowledgementCheck check) {
    this(windowMillis, check, Parameters.DEFAULT);
  }

  /// @throws IllegalArgumentException if `windowMillis` is not positive
  public Reputation(long windowMillis, AcknowledgementCheck check, Parameters parameters) {
    if (windowMillis <= 0) {
      throw new IllegalArgumentException("windowMillis: " + windowMillis + " (expected: > 0)");
    }
    this.windowMillis = windowMillis;
    this.parameters = parameters;
    this.evidence = new Evidence(check);
  }

  /// Takes in a verified performance record. Of several records of one author about one window the
  /// author's first counts (lowest epoch, then sequence number, then hash).
  ///
  /// @param feed the record's feed
  /// @param seq its sequence number
  /// @param record its hash
  /// @return whether anything changed; false for one seen before, superseded or out of range
  public boolean apply(FeedId feed, long seq, Hash record, Body.Performance body) {
    return evidence.apply(feed, seq, record, body);
  }

  /// Takes in a verified record of any type; all but performance records change nothing. Nor does
  /// one about a window that had not begun by the record's own time: nobody can have seen it.
  ///
  /// @return whether anything changed
  public boolean apply(SignedRecord record) {
    return record.body() instanceof Body.Performance performance
        && performance.window() <= HybridClock.millis(record.hlc()) / windowMillis
        && apply(record.feed(), record.seq(), record.hash(), performance);
  }

  /// Ledger time, as [LedgerTime] has it from the newest windows of admitted authors. Empty if none
  /// of them has written a performance record.
  public OptionalLong ledgerWindow(Raters raters) {
    LedgerTime time = new LedgerTime();
    for (NodeId author : evidence.authors()) {
      raters
          .standing(author)
          .filter(Standing::mayRate)
          .ifPresent(standing -> time.reached(author, standing, evidence.newestWindow(author)));
    }
    return time.window();
  }

  /// Ledger time in Unix milliseconds: the start of [#ledgerWindow]; 0 without records.
  public long ledgerTimeMillis(Raters raters) {
    OptionalLong window = ledgerWindow(raters);
    return window.isEmpty() ? 0 : window.getAsLong() * windowMillis;
  }

  /// All scores now.
  public Scores scores(Raters raters) {
    OptionalLong now = ledgerWindow(raters);
    long window = now.orElse(-1);
    Scores scores = new Passes(opinions(raters, window), raters, parameters).scores(window);
    return now.isPresent() ? scores : new Scores(now, scores.bySubject());
  }

  /// Scores and what contracts say, at one moment.
  ///
  /// @param scores after what contracts take from them
  public record Judged(Scores scores, Findings findings) {}

  /// All scores now, less what is taken from those that break contracts.
  ///
  /// @param contracts in any order
  /// @param services the endpoints of each service and how they stand
  public Judged judged(
      Raters raters, List<Contract> contracts, Map<String, SortedMap<String, Place>> services) {
    OptionalLong now = ledgerWindow(raters);
    if (contracts.isEmpty() || now.isEmpty()) {
      return new Judged(scores(raters), Findings.NONE);
    }
    long window = now.getAsLong();
    Passes passes = new Passes(opinions(raters, window), raters, parameters);
    List<Voice> voices = voices(raters, window, passes);
    int usualRaters = passes.smallMesh() ? 1 : parameters.endpointRaters();
    Findings findings =
        new Judge(windowMillis, window, services, usualRaters).judge(evidence, voices, contracts);
    return new Judged(passes.scores(window).lessened(findings.penalties()), findings);
  }

  private List<Voice> voices(Raters raters, long window, Passes passes) {
    Map<NodeId, Standing> heard = new LinkedHashMap<>();
    for (NodeId rater : evidence.authors()) {
      raters
          .standing(rater)
          .filter(standing -> OpinionTable.heard(standing, window, parameters))
          .ifPresent(standing -> heard.put(rater, standing));
    }
    List<Voice> voices = new ArrayList<>();
    Descents.of(heard)
        .forEach((rater, origin) -> voices.add(new Voice(rater, passes.quarterOf(rater), origin)));
    return voices;
  }

  /// Why `subject` has its score.
  public Why why(Subject subject, Raters raters) {
    OptionalLong now = ledgerWindow(raters);
    long window = now.orElse(-1);
    SortedMap<Subject, List<Opinion>> opinions = opinions(raters, window);
    Passes passes = new Passes(opinions, raters, parameters);
    List<Opinion> about = opinions.getOrDefault(subject, List.of());
    Score score = scores(raters).of(subject);
    Passes.Weighing weighing =
        about.isEmpty() ? Passes.Weighing.none(score.q30()) : passes.weigh(subject, about);
    long[] shares = weighing.shares().each();
    long total = Arrays.stream(shares).sum() + weighing.shares().silent();
    long middle = Arrays.stream(weighing.kept()).sum();
    Map<NodeId, Integer> places = new HashMap<>();
    for (int i = 0; i < about.size(); i++) {
      places.put(about.get(i).rater(), i);
    }
    List<Why.RaterWord> words = new ArrayList<>();
    for (NodeId rater : evidence.authors()) {
      List<Counted> records = evidence.counted(rater, subject, window);
      if (!records.isEmpty()) {
        Optional<Integer> place = Optional.ofNullable(places.get(rater));
        words.add(
            word(
                rater,
                records,
                verdict(raters.standing(rater), window, place.isPresent()),
                place.map(about::get),
                passes.quarterOf(rater),
                place.map(at -> (shares[at] << 30) / total).orElse(0L),
                place.map(at -> (weighing.kept()[at] << 30) / middle).orElse(0L)));
      }
    }
    long silentQ30 = total == 0 ? 0 : (weighing.shares().silent() << 30) / total;
    return new Why(
        subject, score, now, weighing.wholeQ30(), weighing.recentQ30(), silentQ30, words);
  }

  /// What the raters that are heard said of `subject`, window by window, oldest first.
  public List<WindowTotal> history(Subject subject, Raters raters) {
    long window = ledgerWindow(raters).orElse(-1);
    SortedMap<Long, WindowTotal> totals = new TreeMap<>();
    for (NodeId rater : evidence.authors()) {
      Optional<Standing> standing = raters.standing(rater);
      if (standing.isEmpty() || !OpinionTable.heard(standing.get(), window, parameters)) {
        continue;
      }
      for (Counted counted : evidence.counted(rater, subject, window)) {
        totals.merge(
            counted.window(),
            new WindowTotal(counted.window(), 1, counted.good(), counted.bad()),
            (a, b) ->
                new WindowTotal(
                    a.window(), a.raters() + 1, a.good() + b.good(), a.bad() + b.bad()));
      }
    }
    return List.copyOf(totals.values());
  }

  private SortedMap<Subject, List<Opinion>> opinions(Raters raters, long window) {
    return OpinionTable.collect(evidence, sums, raters, window, parameters);
  }

  private Why.Verdict verdict(Optional<Standing> standing, long window, boolean counts) {
    if (counts) {
      return Why.Verdict.COUNTS;
    }
    if (standing.isEmpty()) {
      return Why.Verdict.NOT_ADMITTED;
    }
    if (standing.get().forked()) {
      return Why.Verdict.FORKED;
    }
    if (standing.get().revoked()) {
      return Why.Verdict.REVOKED;
    }
    return OpinionTable.heard(standing.get(), window, parameters)
        ? Why.Verdict.TOO_LITTLE_EVIDENCE
        : Why.Verdict.TOO_YOUNG;
  }

  private static Why.RaterWord word(
      NodeId rater,
      List<Counted> records,
      Why.Verdict verdict,
      Optional<Opinion> opinion,
      int quarter,
      long shareQ30,
      long keptQ30) {
    long good = 0;
    long bad = 0;
    for (Counted counted : records) {
      good += (long) counted.good() * Decay.goodQ16(counted.ageWindows());
      bad += (long) counted.bad() * Decay.badQ16(counted.ageWindows());
    }
    return new Why.RaterWord(
        rater,
        verdict,
        good,
        bad,
        opinion.map(Opinion::longQ30).orElse(0L),
        opinion.map(Opinion::shortQ30).orElse(0L),
        quarter,
        shareQ30,
        keptQ30,
        records);
  }
}
