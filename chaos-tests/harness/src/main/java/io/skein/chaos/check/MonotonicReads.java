package io.skein.chaos.check;

import io.skein.chaos.history.Operation;

/// A reader that stays at one node never sees less than it saw there (the session guarantee
/// "monotonic reads" of Terry et al., Session Guarantees for Weakly Consistent Replicated Data,
/// 1994), unless the node was made to forget in between. What was appended at nodes that cheat only
/// may go: whoever signs two histories has neither in the end.
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
    trial.views().forEach((node, readers) -> {
      for (View view : readers) {
        view.walk(
            elements.size(),
            new View.Walk() {
              @Override
              public void gone(int element, int read) {
                Operation before = view.reads().get(read - 1).operation();
                Operation now = view.reads().get(read).operation();
                if (elements.get(element).trusted() && !trial.timeline().forgot(node, before.began().nanos(), now.endNanos())) {
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
    found.figure("reads", reads[0]);
    return found.verdict(name(), reads[0] > 1, reads[0] + " reads");
  }
}
