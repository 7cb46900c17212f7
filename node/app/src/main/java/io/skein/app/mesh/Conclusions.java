package io.skein.app.mesh;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How experiments ended, by the records that say so: a function of the set of records. Of several
/// about one experiment the first by hybrid clock, then by author, counts; one that says only that
/// the experiment was changed or taken away counts if no other does, and lets it begin again.
final class Conclusions {
  /// The verdict of an experiment that was changed or taken away while it went on.
  static final String CHANGED = "changed";

  /// The verdict of one that an operator ended.
  static final String STOPPED = "stopped";

  private final Map<Hash, Conclusion> byRun = new HashMap<>();

  /// @param record the whole record
  /// @param result its body
  record Conclusion(SignedRecord record, Body.Experiment result) {
    private boolean settles() {
      return !result.verdict().equals(CHANGED);
    }

    private boolean before(Conclusion other) {
      int order = Long.compareUnsigned(record.hlc(), other.record.hlc());
      return order != 0 ? order < 0 : record.author().compareTo(other.record.author()) < 0;
    }
  }

  /// Takes in a record.
  void apply(SignedRecord record, Body.Experiment result) {
    Conclusion next = new Conclusion(record, result);
    byRun.merge(
        result.run(),
        next,
        (held, it) ->
            held.settles() != it.settles()
                ? held.settles() ? held : it
                : it.before(held) == it.settles() ? it : held);
  }

  /// Experiments that do not begin again.
  Set<Hash> ended() {
    Set<Hash> ended = new HashSet<>();
    byRun.forEach((run, conclusion) -> {
      if (conclusion.settles()) {
        ended.add(run);
      }
    });
    return ended;
  }

  /// How an experiment ended, if it did.
  Optional<Conclusion> of(Hash run) {
    return Optional.ofNullable(byRun.get(run));
  }

  /// All of them, newest first.
  List<Conclusion> all() {
    List<Conclusion> all = new ArrayList<>(byRun.values());
    all.sort(
        Comparator.comparing((Conclusion each) -> each.record().hlc(), Long::compareUnsigned)
            .reversed()
            .thenComparing(each -> each.result().run().toString()));
    return all;
  }
}
