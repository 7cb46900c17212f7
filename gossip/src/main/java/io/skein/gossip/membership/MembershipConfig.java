package io.skein.gossip.membership;

import java.time.Duration;

/// Limits of a [Membership].
///
/// @param suspectAfter silence of a member in the view before it is suspect, 100 ms … 1 min. With n
///   peers, fanout f and a tick of t a healthy peer is heard every n·t/2f on average; well below
///   ten times that, healthy peers are suspected by chance
/// @param forgetAfter how long dead and left members stay in the table, up to 7 d
/// @param maxMembers rows, 1–4,096; those gone longest make room first
public record MembershipConfig(Duration suspectAfter, Duration forgetAfter, int maxMembers) {
  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException naming the first that is violated
  public MembershipConfig {
    if (suspectAfter.toMillis() < 100 || suspectAfter.toMillis() > 60_000) {
      throw new IllegalArgumentException(
          "suspectAfter: " + suspectAfter + " (expected: 100 ms .. 1 min)");
    }
    if (forgetAfter.isNegative() || forgetAfter.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException("forgetAfter: " + forgetAfter + " (expected: 0 .. 7 d)");
    }
    if (maxMembers < 1 || maxMembers > 4_096) {
      throw new IllegalArgumentException("maxMembers: " + maxMembers + " (expected: 1 .. 4096)");
    }
  }

  /// Suspect after 2 s, forget after an hour, 1,024 members.
  public static MembershipConfig defaults() {
    return new MembershipConfig(Duration.ofSeconds(2), Duration.ofHours(1), 1_024);
  }
}
