package io.skein.app.mesh;

import java.time.Duration;

/// The answer to an append that this node may not make yet: it was started again, and until its
/// peers have told what they know of its own records, one more could be a second one of the same
/// number. Nothing was written, and nothing will be: it may be repeated.
public final class NotYet extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /// Longer than peers that are there take to tell.
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /// In how many seconds to try again.
  public static final int RETRY_SECONDS = 2;

  NotYet() {
    super(
        "the node waits for its peers before it may write: they have not told yet what they know of"
            + " its own records. Nothing was written; try again in "
            + RETRY_SECONDS
            + " s (without any word it goes on after 10 s)");
  }
}
