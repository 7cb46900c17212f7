package io.skein.reputation.snapshot;

import io.skein.reputation.evidence.Decay;
import io.skein.reputation.evidence.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The scores of the last [Decay#WINDOWS] windows of ledger time, as this node had them when each
/// ended. They cannot be computed again: the records of a window fade with the windows behind it.
/// So they are one node's own memory, begun with its start, and nothing rests on them.
///
/// Holds what it was shown last for a window; 16 bytes a window and subject. One thread.
public final class ScoreHistory {
  private final Map<Subject, Line> lines = new TreeMap<>();
  private long newest = -1;

  private static final class Line {
    final long[] windows = new long[Decay.WINDOWS];
    final int[] q30 = new int[Decay.WINDOWS];
    final int[] raters = new int[Decay.WINDOWS];
    long newest = -1;
  }

  /// A history of nothing.
  public ScoreHistory() {}

  /// Takes in the scores of a moment; those without ledger time, or older than what is kept, are
  /// left out.
  public void add(Scores scores) {
    long window = scores.ledgerWindow().orElse(-1);
    if (window < 0 || window <= newest - Decay.WINDOWS) {
      return;
    }
    if (window > newest) {
      newest = window;
      lines.values().removeIf(line -> line.newest <= newest - Decay.WINDOWS);
    }
    int slot = (int) (window % Decay.WINDOWS);
    scores
        .bySubject()
        .forEach((subject, score) -> {
          Line line = lines.computeIfAbsent(subject, _ -> new Line());
          // One up, so that a window of 0 is not mistaken for an empty slot.
          line.windows[slot] = window + 1;
          line.q30[slot] = (int) score.q30();
          line.raters[slot] = score.raters();
          line.newest = Math.max(line.newest, window);
        });
  }

  /// The scores of `subject`, oldest window first; windows in which nothing was scored are missing.
  public List<PastScore> of(Subject subject) {
    List<PastScore> past = new ArrayList<>();
    Line line = lines.get(subject);
    if (line == null) {
      return past;
    }
    for (long window = Math.max(0, newest - Decay.WINDOWS + 1); window <= newest; window++) {
      int slot = (int) (window % Decay.WINDOWS);
      if (line.windows[slot] == window + 1) {
        past.add(new PastScore(window, line.q30[slot], line.raters[slot]));
      }
    }
    return past;
  }
}
