package io.skein.chaos.check;

/// Judges one promise. Stateless: one may judge many histories, from any thread.
public interface Check {
  /// What it is called: a few lower-case words.
  String name();

  /// Judges a run.
  Verdict judge(Trial trial);
}
