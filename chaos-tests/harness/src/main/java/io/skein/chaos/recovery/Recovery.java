package io.skein.chaos.recovery;

import java.time.Duration;
import java.util.List;

/// When clients were served again after a fault, by the time at which requests were due.
///
/// Time after the fault is cut into windows. Success is back at the beginning of the first window
/// in which no request fails and from which on, until the fault is mended, at least that share of
/// all requests succeeds; that must be a second at least.
///
/// @param backNanos from the fault on; 0 if hardly anything failed
/// @param back whether success came back before the fault was mended; if not, `backNanos` is how
///   long the fault was there
/// @param failed requests that failed or were late while the fault was there
/// @param failedAfter requests that failed or were late from the mending on
/// @param asked requests in both
record Recovery(long backNanos, boolean back, int failed, int failedAfter, int asked) {
  /// The share of requests that counts as success, and the length of a window.
  static final double SHARE = 0.999;

  static final long WINDOW_NANOS = Duration.ofMillis(250).toNanos();

  private static final int LEAST_WINDOWS = 4;

  /// Judges the answers of one client population.
  ///
  /// @param answers in any order; those due before the fault are not looked at
  /// @param faultNanos when the fault had been begun
  /// @param mendNanos when mending began, later than that
  static Recovery of(List<Answer> answers, long faultNanos, long mendNanos) {
    int windows = (int) Math.ceilDiv(mendNanos - faultNanos, WINDOW_NANOS);
    int[] asked = new int[windows];
    int[] bad = new int[windows];
    int after = 0;
    int askedAfter = 0;
    for (Answer answer : answers) {
      long since = answer.dueNanos() - faultNanos;
      if (since < 0) {
        continue;
      }
      if (answer.dueNanos() >= mendNanos) {
        askedAfter++;
        after += answer.good() ? 0 : 1;
      } else {
        int window = (int) (since / WINDOW_NANOS);
        asked[window]++;
        bad[window] += answer.good() ? 0 : 1;
      }
    }
    int first = windows;
    int askedHere = 0;
    int badHere = 0;
    for (int window = windows - 1; window >= 0; window--) {
      askedHere += asked[window];
      badHere += bad[window];
      if (windows - window >= LEAST_WINDOWS
          && askedHere > 0
          && bad[window] == 0
          && badHere <= (1 - SHARE) * askedHere) {
        first = window;
      }
    }
    boolean back = first < windows;
    return new Recovery(
        back ? first * WINDOW_NANOS : mendNanos - faultNanos,
        back,
        badHere,
        after,
        askedHere + askedAfter);
  }

  /// Requests that failed or were late, as seconds of the whole load.
  ///
  /// @param rate requests a second
  double downSeconds(int rate) {
    return (double) (failed + failedAfter) / rate;
  }
}
