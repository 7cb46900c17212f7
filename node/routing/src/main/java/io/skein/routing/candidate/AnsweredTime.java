package io.skein.routing.candidate;

import java.util.concurrent.atomic.LongAdder;

/// How many answers came from one place, and how long they took together: two sums that only grow,
/// for those who take the mean of what came between two readings. Failures are left out. Any
/// thread; a reader may see one answer in one sum and not yet in the other.
public final class AnsweredTime {
  private final LongAdder answers = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  AnsweredTime() {}

  void add(long latencyNanos) {
    answers.increment();
    nanos.add(latencyNanos);
  }

  /// Answers so far.
  public long answers() {
    return answers.sum();
  }

  /// Time they took, from dispatch to the last byte.
  public long nanos() {
    return nanos.sum();
  }
}
