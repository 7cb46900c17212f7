package io.skein.chaos.check;

import java.util.List;

/// The checks there are.
public final class Checks {
  private Checks() {}

  /// All of them. What a history has no events for is `UNKNOWN`.
  public static List<Check> all(Bounds bounds) {
    return List.of(
        new SetFull(bounds),
        new OwnWrites(),
        new MonotonicReads(),
        new PrefixOrder(bounds),
        new Convergence(bounds),
        new Availability(bounds),
        new TrafficAnswers(),
        new Connections(),
        new Sessions(bounds),
        new Agreement(bounds),
        new SingleOwner(bounds),
        new ShadowRegister(bounds),
        new EqualReputation(),
        new EqualStrengths(),
        new Accusations(bounds),
        new MutualSight(bounds),
        new Identities(bounds),
        new Repairs(),
        new Counters(),
        new SoundAnswers());
  }
}
