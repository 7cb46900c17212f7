package io.skein.chaos.check;

import io.skein.chaos.history.History;
import io.skein.chaos.history.Timeline;

/// Judges one promise. Stateless: one may judge many histories, from any thread.
public interface Check {
  /// What it is called: a few lower-case words.
  String name();

  /// Judges a history.
  ///
  /// @param timeline that history's faults
  Verdict judge(History history, Timeline timeline);
}
