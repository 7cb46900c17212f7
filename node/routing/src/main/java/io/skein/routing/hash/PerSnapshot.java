package io.skein.routing.hash;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/// What a policy makes once for each snapshot, for the latest few. A snapshot with the same
/// eligible candidates, weights and order as one of those gets the same table: that one of them was
/// measured anew, or has another reputation, changes nothing. Any thread; no locks: of threads that
/// race, each makes its own and one is kept.
///
/// @param <T> an immutable table of positions
public final class PerSnapshot<T> {
  // This node's endpoints, with and without the panic rule, the peers, and those of the snapshot
  // before, which some event loops still use.
  private static final int KEPT = 6;

  private record Made<T>(CandidateSet set, T table) {}

  private final Function<CandidateSet, T> make;
  private final AtomicReferenceArray<Made<T>> latest = new AtomicReferenceArray<>(KEPT);
  private volatile int next;

  /// @param make from the eligible candidates of a set; must not keep the set
  public PerSnapshot(Function<CandidateSet, T> make) {
    this.make = make;
  }

  /// The table of a snapshot, made now if there is none.
  public T of(CandidateSet set) {
    for (int i = 0; i < KEPT; i++) {
      Made<T> each = latest.get(i);
      if (each != null && each.set() == set) {
        return each.table();
      }
    }
    return keep(set, alike(set));
  }

  private T alike(CandidateSet set) {
    for (int i = 0; i < KEPT; i++) {
      Made<T> each = latest.get(i);
      if (each != null && same(each.set(), set)) {
        return each.table();
      }
    }
    return make.apply(set);
  }

  private T keep(CandidateSet set, T table) {
    int at = next;
    next = (at + 1) % KEPT;
    latest.set(at, new Made<>(set, table));
    return table;
  }

  private static boolean same(CandidateSet one, CandidateSet other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      Candidate mine = one.get(i);
      Candidate its = other.get(i);
      if (mine.weight() != its.weight() || !mine.id().equals(its.id())) {
        return false;
      }
    }
    return true;
  }
}
