package io.skein.chaos.nemesis;

import io.skein.chaos.history.FaultMark;
import java.io.IOException;

/// A fault in the making.
interface Fault {
  /// What it means for the nodes, as it is written down before it begins.
  FaultMark mark(FaultMark bare);

  /// Makes it.
  void begin() throws IOException, InterruptedException;

  /// Keeps it up for that long; most just wait.
  void last(long millis) throws IOException, InterruptedException;

  /// Whether it took hold, asked before it is taken back.
  Proof proof() throws IOException, InterruptedException;

  /// Takes it back, and waits until what was ended runs again.
  void end() throws IOException, InterruptedException;

  /// What shows that a fault was one.
  ///
  /// @param held whether it took hold
  /// @param text what was seen
  record Proof(boolean held, String text) {}
}
