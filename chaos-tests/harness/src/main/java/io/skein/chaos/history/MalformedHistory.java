package io.skein.chaos.history;

import java.io.IOException;

/// Bytes that are no history, or a history that contradicts itself: two operations of one process
/// at once, a completion without a beginning, time that goes back.
public final class MalformedHistory extends IOException {
  private static final long serialVersionUID = 1;
  private final long line;

  /// @param line the line it was found in, from 1, the header's being the first; 0 if in none
  public MalformedHistory(long line, String problem) {
    super(line > 0 ? "line " + line + ": " + problem : problem);
    this.line = line;
  }

  /// The line it was found in, from 1; 0 if in none.
  public long line() {
    return line;
  }
}
