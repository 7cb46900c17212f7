package io.skein.chaos.recovery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What the clients of several loads saw since it began. One thread.
final class Watch {
  /// After this a request that is due now has its answer, or is late.
  static final long ANSWERED_NANOS = TimeUnit.MILLISECONDS.toNanos(Balancers.DEADLINE_MILLIS + 300);

  private final Map<Load, List<Answer>> seen = new LinkedHashMap<>();

  /// @param loads what they had before is forgotten
  Watch(List<Load> loads) {
    for (Load load : loads) {
      load.take();
      seen.put(load, new ArrayList<>());
    }
  }

  /// What came of one load's requests so far.
  List<Answer> answers(Load load) {
    List<Answer> all = seen.getOrDefault(load, List.of());
    all.addAll(load.take());
    return List.copyOf(all);
  }

  /// Whether each load's requests were served, all that were due within a time that ended
  /// [#ANSWERED_NANOS] ago.
  ///
  /// @param sinceNanos the time does not begin before this
  /// @param lengthNanos how long it is
  /// @param nowNanos monotonic now
  boolean served(long sinceNanos, long lengthNanos, long nowNanos) {
    long end = nowNanos - ANSWERED_NANOS;
    return end - lengthNanos - sinceNanos >= 0
        && seen.keySet().stream().allMatch(load -> served(answers(load), end - lengthNanos, end));
  }

  /// Whether there were requests in that time and none failed or was late.
  static boolean served(List<Answer> answers, long fromNanos, long toNanos) {
    List<Answer> due =
        answers.stream()
            .filter(answer -> answer.dueNanos() - fromNanos >= 0 && answer.dueNanos() - toNanos < 0)
            .toList();
    return !due.isEmpty() && due.stream().allMatch(Answer::good);
  }
}
