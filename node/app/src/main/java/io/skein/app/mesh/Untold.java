package io.skein.app.mesh;

import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Records that somebody is to be told of later, each feed's in its order. Up to [#MOST] are held;
/// of the others only where they begin in each feed, from where the ledger gives them again, a
/// slice of a turn at a time. Confined to the mesh thread.
final class Untold {
  /// How many are held.
  static final int MOST = 1_000;

  private static final int PAGE = 100;

  private final Ledger ledger;
  private final Executor soon;
  private final LongSupplier nanoClock;
  private final Consumer<SignedRecord> listener;
  private final List<SignedRecord> held = new ArrayList<>();
  private final SortedMap<FeedId, Long> from = new TreeMap<>();
  private boolean due;
  private boolean scheduled;

  /// @param soon runs something after the current turn of the mesh thread
  /// @param nanoClock says when a turn has been long enough
  Untold(Ledger ledger, Executor soon, LongSupplier nanoClock, Consumer<SignedRecord> listener) {
    this.ledger = ledger;
    this.soon = soon;
    this.nanoClock = nanoClock;
    this.listener = listener;
  }

  /// A durable record came, not to be told of before [#tell].
  void add(SignedRecord record) {
    due = false;
    if (held.size() < MOST) {
      held.add(record);
    } else {
      from.putIfAbsent(record.feed(), record.seq());
    }
  }

  /// A durable record came that may be told of: at once, unless earlier ones of its feed are still
  /// to come.
  void came(SignedRecord record) {
    if (from.containsKey(record.feed())) {
      schedule();
    } else {
      listener.accept(record);
    }
  }

  /// Forgets them.
  void clear() {
    held.clear();
    from.clear();
    due = false;
  }

  /// Begins to tell of them.
  void tell() {
    List<SignedRecord> told = List.copyOf(held);
    held.clear();
    due = true;
    told.forEach(listener);
    if (!from.isEmpty()) {
      schedule();
    }
  }

  /// How many are held.
  int held() {
    return held.size();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      soon.execute(this::slice);
    }
  }

  private void slice() {
    scheduled = false;
    long began = nanoClock.getAsLong();
    while (due && !from.isEmpty()) {
      try {
        page(from.firstKey());
      } catch (UncheckedIOException _) {
        return; // the disk does not give it back: once more with the next record that comes
      }
      if (nanoClock.getAsLong() - began >= Retelling.SLICE_NANOS && !from.isEmpty()) {
        schedule();
        return;
      }
    }
  }

  private void page(FeedId feed) {
    long first = from.getOrDefault(feed, 1L);
    Optional<Head> head = ledger.head(feed);
    List<SignedRecord> page = ledger.page(feed, first, PAGE);
    long next = page.isEmpty() ? first : page.getLast().seq() + 1;
    if (page.size() < PAGE) {
      next++; // behind it is nothing, or what peers have to bring again
    }
    if (head.isEmpty() || next > head.get().seq()) {
      from.remove(feed);
    } else {
      from.put(feed, next);
    }
    page.forEach(listener);
  }
}
