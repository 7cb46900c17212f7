package io.skein.app.mesh;

import io.skein.api.view.HistoryView;
import io.skein.api.view.ReputationView;
import io.skein.api.view.ScoreView;
import io.skein.api.view.WhyView;
import io.skein.ledger.admission.MeshInfo;
import io.skein.ledger.key.NodeId;
import io.skein.reputation.evidence.Counted;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import io.skein.reputation.score.LedgerRaters;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Why;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Scores and the reasons behind them, for the API. On the mesh thread.
final class ReputationViews {
  private final MeshCore core;

  ReputationViews(MeshCore core) {
    this.core = core;
  }

  ReputationView reputation() {
    Derived.Scored scored = core.derived().scored();
    List<ReputationView.Roots> roots = new ArrayList<>();
    roots.add(
        new ReputationView.Roots(
            core.who().name(),
            scored.headsRoot().toString(),
            scored.scores().repRoot().toString()));
    for (Peers.Peer peer : core.peers().all()) {
      if (peer.present()) {
        core.peers()
            .roots(peer.id())
            .ifPresent(said ->
                roots.add(
                    new ReputationView.Roots(
                        core.nameOf(peer.id()),
                        said.headsRoot().toString(),
                        said.repRoot().toString())));
      }
    }
    roots.sort(Comparator.comparing(ReputationView.Roots::node));
    List<ReputationView.Subject> subjects = new ArrayList<>();
    for (Map.Entry<Subject, Score> entry : scored.scores().bySubject().entrySet()) {
      Score score = entry.getValue();
      subjects.add(
          new ReputationView.Subject(
              entry.getKey().text(),
              name(entry.getKey()),
              kind(entry.getKey()),
              new ScoreView(score.q30()),
              score.raters(),
              score.windows(),
              score.neutral()));
    }
    subjects.sort(
        Comparator.comparing(ReputationView.Subject::score)
            .reversed()
            .thenComparing(ReputationView.Subject::subject));
    return new ReputationView(
        scored.scores().ledgerWindow().orElse(0),
        scored.headsRoot().toString(),
        scored.scores().repRoot().toString(),
        roots,
        subjects);
  }

  private String name(Subject subject) {
    return switch (subject) {
      case EndpointSubject endpoint -> endpoint.id();
      case PeerSubject peer -> core.nameOf(peer.node());
    };
  }

  private static String kind(Subject subject) {
    return switch (subject) {
      case EndpointSubject _ -> "endpoint";
      case PeerSubject _ -> "node";
    };
  }

  private Optional<Subject> subject(String text) {
    if (text.contains("/")) {
      return text.length() <= 512 ? Optional.of(new EndpointSubject(text)) : Optional.empty();
    }
    try {
      return Optional.of(new PeerSubject(NodeId.parse(text)));
    } catch (IllegalArgumentException e) {
      return core.records().ledger().roster().members().stream()
          .filter(member -> member.name().equals(text))
          .findFirst()
          .map(member -> new PeerSubject(member.id()));
    }
  }

  Optional<HistoryView> history(String text) {
    core.derived().scored();
    return subject(text)
        .map(subject -> core.derived().history().of(subject))
        .filter(past -> !past.isEmpty())
        .map(past ->
            new HistoryView(
                text,
                core.records().ledger().roster().mesh().map(MeshInfo::windowMillis).orElse(0L),
                past.stream()
                    .map(one ->
                        new HistoryView.Point(one.window(), new ScoreView(one.q30()), one.raters()))
                    .toList()));
  }

  Optional<WhyView> why(String text) {
    Optional<Subject> subject = subject(text);
    Optional<LedgerRaters> raters = core.derived().raters();
    if (subject.isEmpty()
        || raters.isEmpty()
        || core.derived().reputation().isEmpty()
        || !core.derived().scored().scores().bySubject().containsKey(subject.get())) {
      return Optional.empty();
    }
    Why why = core.derived().reputation().get().why(subject.get(), raters.get());
    List<WhyView.Rater> words =
        why.testimonies().stream()
            .map(this::rater)
            .sorted(Comparator.comparingInt(WhyView.Rater::weight).reversed())
            .toList();
    return Optional.of(
        new WhyView(
            subject.get().text(),
            name(subject.get()),
            kind(subject.get()),
            new ScoreView(why.score().q30()),
            why.ledgerWindow().orElse(0),
            explanation(why),
            new ScoreView(why.wholeQ30()),
            new ScoreView(why.recentQ30()),
            words));
  }

  private static String explanation(Why why) {
    return switch (why.score().basis()) {
      case RATED ->
          "mean of "
              + why.score().raters()
              + " raters over "
              + why.score().windows()
              + " windows, weighed by their own standing, without the highest and the lowest"
              + " quarter of the weight; the worse of all windows and of the last six"
              + silence(why);
      case LIMITED ->
          "fewer than three raters, a member and all whom it let in being one, or raters of fewer"
              + " than three tokens where four speak: at most one half, and few forwarded requests"
              + " until there are more";
      case NEUTRAL ->
          "too few raters, a member and all whom it let in being one, or all of one token where"
              + " four speak: an endpoint counts as one half, and each node sees for itself";
      case FORKED -> "it signed two histories";
      case REVOKED -> "its identity was ended";
    };
  }

  private static String silence(Why why) {
    return why.silentQ30() == 0
        ? ""
        : "; tokens that are silent have "
            + Math.round(100.0 * why.silentQ30() / Score.ONE_Q30)
            + " % of the weight and say one half";
  }

  private WhyView.Rater rater(Why.RaterWord word) {
    long good = 0;
    long bad = 0;
    List<WhyView.Window> windows = new ArrayList<>();
    for (Counted counted : word.records()) {
      good += counted.good();
      bad += counted.bad();
      windows.addFirst(
          new WhyView.Window(
              counted.window(), counted.good(), counted.bad(), counted.record().toString()));
    }
    boolean counts = word.verdict() == Why.Verdict.COUNTS;
    return new WhyView.Rater(
        word.rater().toString(),
        core.nameOf(word.rater()),
        new ScoreView(counts ? Math.min(word.longQ30(), word.shortQ30()) : 0),
        (int) Math.round(100.0 * word.shareQ30() / Score.ONE_Q30),
        note(word),
        new ScoreView(counts ? word.longQ30() : 0),
        new ScoreView(counts ? word.shortQ30() : 0),
        word.quarter(),
        (int) Math.round(100.0 * word.keptQ30() / Score.ONE_Q30),
        good,
        bad,
        windows);
  }

  private static String note(Why.RaterWord word) {
    if (word.verdict() != Why.Verdict.COUNTS) {
      return word.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    return word.keptQ30() == 0 ? "trimmed" : "";
  }
}
