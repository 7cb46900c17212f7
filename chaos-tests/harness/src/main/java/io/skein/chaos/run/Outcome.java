package io.skein.chaos.run;

import io.skein.chaos.check.Judgement;
import io.skein.chaos.history.History;
import java.util.List;

/// What a run came to.
///
/// @param course what happened
/// @param judgement what the checks say of it
record Outcome(Course course, Judgement judgement) {
  /// What happened in a run.
  ///
  /// @param history all of it
  /// @param faults how many faults were made
  /// @param leftOut how many there was no time for
  /// @param without faults that did not take hold
  /// @param equalSeconds how long after the last write all nodes held the same; infinite if they
  ///   never did
  record Course(
      History history, int faults, int leftOut, List<String> without, double equalSeconds) {}

  /// Whether nothing was found wrong.
  boolean passed() {
    return judgement.sound() && Double.isFinite(course.equalSeconds());
  }
}
