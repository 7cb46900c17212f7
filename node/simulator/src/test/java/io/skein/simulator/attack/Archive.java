package io.skein.simulator.attack;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.score.LedgerRaters;
import io.skein.reputation.score.Reputation;
import io.skein.reputation.snapshot.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What all nodes of one side hold and derive: a ledger and the reputation that follows from it,
/// wired as in a node. Nodes with equal records have equal scores, so one archive stands for them
/// all.
final class Archive {
  private final Ledger ledger;
  private final long windowMillis;
  private final Words words;
  private Reputation reputation;

  /// Everything accepted, in order, for whoever has missed it.
  final List<SignedRecord> accepted = new ArrayList<>();

  Archive(Ledger ledger, long windowMillis, Words words) {
    this.ledger = ledger;
    this.windowMillis = windowMillis;
    this.words = words;
    this.reputation = fresh();
    ledger.onRetraction(() -> reputation = fresh());
    ledger.listen(record -> reputation.apply(record));
  }

  private Reputation fresh() {
    return new Reputation(windowMillis, words.check(ledger));
  }

  /// The scores that follow from what is held without the words of some.
  Scores scoresWithout(Predicate<NodeId> silenced) {
    Reputation others = fresh();
    ledger.replay(record -> {
      if (!silenced.test(record.author())) {
        others.apply(record);
      }
    });
    return others.scores(raters());
  }

  Ledger ledger() {
    return ledger;
  }

  Acceptance accept(SignedRecord record) {
    Acceptance acceptance = ledger.accept(record.encoded());
    if (acceptance instanceof Acceptance.Accepted) {
      accepted.add(record);
    }
    return acceptance;
  }

  void commit() {
    ledger.commit();
  }

  Reputation reputation() {
    return reputation;
  }

  Scores scores() {
    return reputation.scores(raters());
  }

  LedgerRaters raters() {
    Set<NodeId> forked = new TreeSet<>();
    ledger.frozen().keySet().forEach(feed -> forked.add(feed.author()));
    return new LedgerRaters(ledger.roster().snapshot(), forked, windowMillis);
  }
}
