package io.skein.chaos.check;

import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Vocabulary;
import java.util.HashMap;
import java.util.Map;

/// A reader that stays at one node never sees less than it saw there, of the set or of a feed, (the
/// session guarantee "monotonic reads" of Terry et al., Session Guarantees for Weakly Consistent
/// Replicated Data, 1994), unless the node was made to forget in between. What was appended at
/// nodes that cheat only may go: whoever signs two histories has neither in the end.
final class MonotonicReads implements Check {
  @Override
  public String name() {
    return "monotonic reads";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    long[] reads = new long[1];
    Elements elements = trial.elements();
    trial
        .views()
        .forEach((node, readers) -> {
          for (View view : readers) {
            view.walk(
                elements.size(),
                new View.Walk() {
                  @Override
                  public void gone(int element, int read) {
                    Operation before = view.reads().get(read - 1).operation();
                    Operation now = view.reads().get(read).operation();
                    if (elements.get(element).trusted()
                        && !trial.timeline().forgot(node, before.began().nanos(), now.endNanos())) {
                      found.add(
                          Violation.WENT_BACK,
                          elements.get(element) + " showed at " + node + " and does not any more",
                          before.completion(),
                          now.invoke(),
                          now.completion());
                    }
                  }

                  @Override
                  public void read(int read) {
                    reads[0]++;
                  }
                });
          }
        });
    reads[0] += heads(trial, found);
    found.figure("reads", reads[0]);
    return found.verdict(name(), reads[0] > 1, reads[0] + " reads");
  }

  /// What a reader was told last of a feed's end at a node.
  private record End(long head, Operation read) {}

  /// @return how many reads told where a feed ends
  private static long heads(Trial trial, Findings found) {
    Map<String, End> ends = new HashMap<>();
    long told = 0;
    for (Trial.Answer answer : trial.answers(Vocabulary.FEED)) {
      String feed = answer.value().text("feed").orElseThrow();
      if (answer.value().whole("head").isEmpty() || !trial.honestAuthor(feed)) {
        continue;
      }
      told++;
      long head = answer.value().whole("head").getAsLong();
      Operation read = answer.operation();
      End before =
          ends.put(read.began().process() + " " + answer.node() + " " + feed, new End(head, read));
      if (before != null
          && head < before.head()
          && !trial
              .timeline()
              .forgot(answer.node(), before.read().began().nanos(), read.endNanos())) {
        found.add(
            Violation.WENT_BACK,
            feed + " ended at " + before.head() + " at " + answer.node() + " and then at " + head,
            before.read().completion(),
            read.invoke(),
            read.completion());
      }
    }
    return told;
  }
}
