package io.skein.reputation.contract;

import io.skein.reputation.snapshot.Score;

/// Whom a contract is about, how often its condition may fail, and what follows if it fails more
/// often.
///
/// @param service the service
/// @param scope who is judged
/// @param windows how many of the newest closed windows are looked at, 1 to [#MOST_WINDOWS]
/// @param holding in how many of them the condition must not fail, 1 to `windows`
/// @param minRequests requests below which a window is not judged, 1 or more
/// @param minRaters raters below which a window is not judged; 0: two, or one in a mesh of one or
///   two members
/// @param penaltyQ30 taken from the endpoint's score while the contract is broken, 0 to ½ in Q30
/// @param quarantineMillis how much ledger time after a window that broke the contract an endpoint
///   gets no requests, 0 or more; 0 for [Scope#SERVICE]
public record Terms(
    String service,
    Scope scope,
    int windows,
    int holding,
    int minRequests,
    int minRaters,
    long penaltyQ30,
    long quarantineMillis) {
  /// Most windows a contract looks at.
  public static final int MOST_WINDOWS = 48;

  /// Most that contracts take from one score, together as well as each.
  public static final long MOST_PENALTY_Q30 = Score.HALF_Q30;

  /// Who is judged.
  public enum Scope {
    /// Each endpoint of the service by itself.
    ENDPOINT,
    /// The service as a whole.
    SERVICE
  }

  /// @throws IllegalArgumentException if a value is out of range
  public Terms {
    check("windows", windows, 1, MOST_WINDOWS);
    check("holding", holding, 1, windows);
    check("minRequests", minRequests, 1, Integer.MAX_VALUE);
    check("minRaters", minRaters, 0, 1_000);
    check("penaltyQ30", penaltyQ30, 0, MOST_PENALTY_Q30);
    check(
        "quarantineMillis",
        quarantineMillis,
        0,
        scope == Scope.SERVICE ? 0 : 24L * 60 * 60 * 1_000);
  }

  /// How many windows an endpoint stays in quarantine: the time asked for, rounded up, but no
  /// longer than the records remember what it rests on.
  ///
  /// @param windowMillis length of a window
  public int quarantineWindows(long windowMillis) {
    long asked = (quarantineMillis + windowMillis - 1) / windowMillis;
    return (int) Math.min(asked, Judge.REMEMBERED - windows);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + ".." + most + ")");
    }
  }
}
