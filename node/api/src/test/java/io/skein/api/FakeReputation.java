package io.skein.api;

import static io.skein.api.FakeFigures.NODES;
import static io.skein.api.FakeFigures.all;
import static io.skein.api.FakeFigures.hash;
import static io.skein.api.FakeFigures.id;
import static io.skein.api.FakeFigures.score;

import io.skein.api.view.HistoryView;
import io.skein.api.view.MemberView;
import io.skein.api.view.ReputationView;
import io.skein.api.view.ScoreView;
import io.skein.api.view.WhyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the nodes of a [FakeMesh] and its endpoints are thought of, and why.
final class FakeReputation {
  private final LongSupplier clockMillis;
  private final FakeLedger ledger;

  FakeReputation(LongSupplier clockMillis, FakeLedger ledger) {
    this.clockMillis = clockMillis;
    this.ledger = ledger;
  }

  private long second() {
    return clockMillis.getAsLong() / 1_000;
  }

  ReputationView of(List<MemberView> members) {
    List<ReputationView.Roots> roots = new ArrayList<>();
    for (MemberView member : members) {
      roots.add(new ReputationView.Roots(member.name(), member.headsRoot(), member.repRoot()));
    }
    return new ReputationView(
        second() / 2, ledger.headsRoot(0), hash("rep0" + second() / 2), roots, subjects());
  }

  private static List<ReputationView.Subject> subjects() {
    List<ReputationView.Subject> subjects = new ArrayList<>();
    for (String id : all()) {
      subjects.add(
          new ReputationView.Subject(id, id, "endpoint", new ScoreView(score(id)), 3, 40, false));
    }
    for (String node : NODES) {
      subjects.add(
          new ReputationView.Subject(id(node), node, "node", new ScoreView(1L << 29), 2, 40, true));
    }
    subjects.sort((a, b) -> b.score().compareTo(a.score()));
    return subjects;
  }

  private static Optional<ReputationView.Subject> find(String subject) {
    return subjects().stream().filter(one -> one.subject().equals(subject)).findFirst();
  }

  Optional<WhyView> why(String subject) {
    return find(subject).map(this::why);
  }

  private WhyView why(ReputationView.Subject subject) {
    return new WhyView(
        subject.subject(),
        subject.name(),
        subject.kind(),
        subject.score(),
        second() / 2,
        "3 raters agree within 0.01; the short ring decides.",
        subject.score(),
        subject.score(),
        NODES.stream()
            .map(rater ->
                new WhyView.Rater(
                    id(rater),
                    rater,
                    subject.score(),
                    33,
                    "",
                    subject.score(),
                    subject.score(),
                    4,
                    33,
                    1_900,
                    12,
                    List.of(
                        new WhyView.Window(second() / 2, 44, 1, ledger.record(rater, 5).hash()))))
            .toList());
  }

  Optional<HistoryView> history(String subject) {
    return find(subject)
        .map(one ->
            new HistoryView(
                subject,
                2_000,
                List.of(new HistoryView.Point(second() / 2, one.score(), one.raters()))));
  }
}
