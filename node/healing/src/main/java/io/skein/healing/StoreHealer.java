package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Observed;
import io.skein.healing.action.Action.Rebuild;
import io.skein.healing.action.Action.Rebuilt;
import io.skein.healing.swarm.ActionKind;
import java.util.List;

/// Decides the repair of this node's own store: stored records that became unreadable are asked of
/// peers. Nobody else can do it, so there are no turns. What is intact is never replaced, so there
/// is nothing to be undone; a repair that gets nowhere for a minute ends, and another begins ten
/// minutes later, or when more is found. Confined to one thread.
public final class StoreHealer {
  private static final long IN_VAIN_NANOS = 60_000_000_000L;
  private static final long AGAIN_NANOS = 600_000_000_000L;
  private static final long TOLD_NANOS = 60_000_000_000L;

  private final String self;
  private final Moment begun = new Moment();
  private final Moment progress = new Moment();
  private final Moment givenUp = new Moment();
  private final Moment told = new Moment();
  private long mendedTold;
  private long mendedLast;
  private long unreadableLast;

  /// @param self id of this node
  public StoreHealer(String self) {
    this.self = self;
  }

  /// Decides what to do now.
  ///
  /// @param unreadable stored records that cannot be read now
  /// @param mended how many were put back since the node runs
  /// @param acts whether it is done, or only told of
  public List<Action> step(long unreadable, long mended, boolean acts, long nowNanos) {
    boolean more = unreadable > unreadableLast;
    unreadableLast = unreadable;
    if (!begun.isSet()) {
      return unreadable == 0
          ? overAlready(mended, acts)
          : found(unreadable, mended, acts, more, nowNanos);
    }
    if (mended > mendedLast || more) {
      mendedLast = mended;
      progress.set(nowNanos);
    }
    boolean whole = unreadable == 0;
    if (!whole && acts && progress.ageNanos(nowNanos) < IN_VAIN_NANOS) {
      return List.of();
    }
    if (!whole) {
      givenUp.set(nowNanos);
    }
    long nanos = begun.ageNanos(nowNanos);
    begun.clear();
    long count = mended - mendedTold;
    mendedTold = mended;
    return List.of(new Rebuilt(self, count, unreadable, nanos));
  }

  // A peer nearby answers between two looks.
  private List<Action> overAlready(long mended, boolean acts) {
    long count = mended - mendedTold;
    if (!acts || count == 0) {
      return List.of();
    }
    mendedTold = mended;
    return List.of(
        new Rebuild(self, count + " stored records could not be read"),
        new Rebuilt(self, count, 0, 0));
  }

  private List<Action> found(
      long unreadable, long mended, boolean acts, boolean more, long nowNanos) {
    if (!acts) {
      if (told.ageNanos(nowNanos) < TOLD_NANOS) {
        return List.of();
      }
      told.set(nowNanos);
      return List.of(
          new Observed(ActionKind.REBUILD, self, "ledger-corrupted", evidence(unreadable)));
    }
    if (!more && givenUp.ageNanos(nowNanos) < AGAIN_NANOS) {
      return List.of();
    }
    begun.set(nowNanos);
    progress.set(nowNanos);
    mendedLast = mended;
    return List.of(new Rebuild(self, evidence(unreadable)));
  }

  private static String evidence(long unreadable) {
    return unreadable + " stored records cannot be read";
  }
}
