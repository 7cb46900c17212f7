package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.diagnosis.Diagnosis.NodeParted;
import io.skein.healing.signal.Parting;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Decides whether this node leaves its view of the mesh to be taken in anew. Others hear of the
/// same parting and could do it too, so who does follows from what both sides see:
///
/// - The part with fewer members rejoins, the larger one never. Of two equal ones that without the
///   lowest id among all concerned does; the other only if they are parted for five minutes more,
///   because it may be its view that cannot be merged.
/// - Of one part the members take turns, ten seconds apart, in the order of their ids. A merge
///   takes less, so whom the first one's return has brought back as well does nothing.
///
/// Then it looks for half a minute: where nobody is heard of any more who is not in the view, it
/// worked. It begins again after two minutes at the earliest, and after twice as long each time, up
/// to half an hour, until there was none for an hour.
///
/// What is known of the other side is who tells of itself: a part of which only some can be heard
/// looks smaller than it is. Confined to one thread.
public final class RejoinHealer {
  private static final String DIAGNOSIS = "node-parted";
  private static final long SECOND = 1_000_000_000L;
  private static final long TURN_NANOS = 10 * SECOND;
  private static final long OTHERS_FIRST_NANOS = 300 * SECOND;
  private static final long JUDGED_NANOS = 30 * SECOND;

  // Whom the search has not found anew yet is not heard of.
  private static final long CALM_NANOS = 5 * SECOND;
  private static final long AGAIN_NANOS = 120 * SECOND;
  private static final long AGAIN_MOST_NANOS = 1_800 * SECOND;
  private static final long FORGOTTEN_NANOS = 3_600 * SECOND;
  private static final long TOLD_NANOS = 60 * SECOND;

  private final String self;
  private final Moment found = new Moment();
  private final Moment begun = new Moment();
  private final Moment last = new Moment();
  private final Moment calm = new Moment();
  private final Moment told = new Moment();
  private long againNanos;
  private int apartBefore;

  /// @param self id of this node
  public RejoinHealer(String self) {
    this.self = self;
  }

  /// Decides.
  ///
  /// @param parted what this node finds of itself
  /// @param now who is heard of now
  /// @param acts whether it is done, or only told of
  public List<Action> step(Optional<NodeParted> parted, Parting now, boolean acts, long nowNanos) {
    if (begun.isSet()) {
      return judged(now, nowNanos);
    }
    if (parted.isEmpty() || now.apart().isEmpty()) {
      found.clear();
      return List.of();
    }
    found.setIfUnset(nowNanos);
    OptionalLong turn = turnNanos(now);
    if (turn.isEmpty()
        || found.ageNanos(nowNanos) < turn.getAsLong()
        || last.ageNanos(nowNanos) < againNanos) {
      return List.of();
    }
    String evidence = parted.orElseThrow().evidence();
    if (!acts) {
      if (told.ageNanos(nowNanos) < TOLD_NANOS) {
        return List.of();
      }
      told.set(nowNanos);
      return List.of(new Action.Observed(ActionKind.REJOIN, self, DIAGNOSIS, evidence));
    }
    againNanos =
        last.ageNanos(nowNanos) > FORGOTTEN_NANOS
            ? AGAIN_NANOS
            : Math.min(2 * againNanos, AGAIN_MOST_NANOS);
    last.set(nowNanos);
    begun.set(nowNanos);
    calm.clear();
    apartBefore = now.apart().size();
    return List.of(
        new Own.Begun(
            ActionKind.REJOIN,
            DIAGNOSIS,
            evidence,
            "within " + JUDGED_NANOS / SECOND + " s all that are heard of in one view"));
  }

  /// How long after the finding it is this node's turn; empty if it never is.
  private OptionalLong turnNanos(Parting now) {
    int own = now.view().size();
    if (own > now.largest()) {
      return OptionalLong.empty();
    }
    long turn = now.view().headSet(self).size() * TURN_NANOS;
    boolean first =
        own == now.largest()
            && !now.view().isEmpty()
            && now.view().first().compareTo(now.apart().firstKey()) < 0;
    return OptionalLong.of(first ? OTHERS_FIRST_NANOS + turn : turn);
  }

  private List<Action> judged(Parting now, long nowNanos) {
    if (now.apart().isEmpty()) {
      calm.setIfUnset(nowNanos);
      found.clear();
    } else {
      calm.clear();
    }
    boolean over = begun.ageNanos(nowNanos) >= JUDGED_NANOS;
    boolean one = calm.isSet() && (over || calm.ageNanos(nowNanos) >= CALM_NANOS);
    if (!one && !over) {
      return List.of();
    }
    long nanos = begun.ageNanos(nowNanos) - (one ? calm.ageNanos(nowNanos) : 0);
    begun.clear();
    String evidence =
        one
            ? String.format(
                Locale.ROOT, "one view of %d after %.1f s", now.view().size(), nanos / 1e9)
            : "still " + NodeParted.of(self, now).evidence();
    return List.of(
        new Own.Ended(ActionKind.REJOIN, one ? "recovered" : "in-vain", evidence),
        new Own.Measured(
            ActionKind.REJOIN,
            DIAGNOSIS,
            one ? Outcome.WORKED : Outcome.UNCHANGED,
            (int) Math.ceilDiv(nanos, SECOND),
            new Figures(apartBefore, 0, 0),
            new Figures(now.apart().size(), 0, 0)));
  }
}
