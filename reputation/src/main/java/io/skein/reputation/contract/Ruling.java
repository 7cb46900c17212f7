package io.skein.reputation.contract;

/// What a contract says of one window.
public enum Ruling {
  /// The condition held.
  HELD,
  /// It did not.
  FAILED,
  /// Too little was measured, or the condition has no value for these figures: the window speaks
  /// neither for nor against the subject.
  UNDECIDED
}
