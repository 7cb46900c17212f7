package io.skein.app.mesh;

import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Replay;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Shows somebody every record of the ledger that counts, [#SLICE_NANOS] at a time, with what else
/// the mesh thread has to do in between. Confined to the mesh thread.
final class Retelling {
  /// How long others wait for their turn.
  static final long SLICE_NANOS = 5_000_000;

  private final Ledger ledger;
  private final Executor soon;
  private final LongSupplier nanoClock;
  private Optional<Tale> underWay = Optional.empty();

  private record Tale(Replay replay, Consumer<SignedRecord> listener, Runnable whenAll) {}

  /// @param soon runs something after the current turn of the mesh thread
  /// @param nanoClock says when a turn has been long enough
  Retelling(Ledger ledger, Executor soon, LongSupplier nanoClock) {
    this.ledger = ledger;
    this.soon = soon;
    this.nanoClock = nanoClock;
  }

  /// Begins with the first record, what is committed on the way included. Whoever is being told
  /// hears no more.
  ///
  /// @param whenAll runs when all that counts then has been shown
  void begin(Consumer<SignedRecord> listener, Runnable whenAll) {
    boolean goesOn = underWay.isPresent();
    underWay = Optional.of(new Tale(ledger.replay(), listener, whenAll));
    if (!goesOn) {
      soon.execute(this::slice);
    }
  }

  private void slice() {
    Tale tale = underWay.orElseThrow();
    long began = nanoClock.getAsLong();
    if (!tale.replay().show(tale.listener(), () -> nanoClock.getAsLong() - began < SLICE_NANOS)) {
      soon.execute(this::slice);
      return;
    }
    underWay = Optional.empty();
    tale.whenAll().run();
  }
}
