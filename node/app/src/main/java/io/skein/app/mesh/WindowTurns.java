package io.skein.app.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Notices that a window of the mesh has ended: records what happened in it, tells who waits for
/// it, and acknowledges contact with every peer in the new one. Confined to the mesh thread.
final class WindowTurns {
  private final WindowRecorder recorder;
  private final Contacts contacts;
  private final Consumer<Body> append;
  private final Supplier<OptionalLong> lengthMillis;
  private final LongSupplier nowMillis;
  private final Contacts.Outbox outbox;
  private Optional<WindowListener> listener = Optional.empty();
  private long current = -1;

  /// @param append takes what is to be recorded
  /// @param lengthMillis length of a window; empty until the mesh's genesis is known
  /// @param nowMillis the ledger's clock
  /// @param outbox takes acknowledgements of contact
  WindowTurns(
      WindowRecorder recorder,
      Contacts contacts,
      Consumer<Body> append,
      Supplier<OptionalLong> lengthMillis,
      LongSupplier nowMillis,
      Contacts.Outbox outbox) {
    this.recorder = recorder;
    this.contacts = contacts;
    this.append = append;
    this.lengthMillis = lengthMillis;
    this.nowMillis = nowMillis;
    this.outbox = outbox;
  }

  /// Who hears of windows; before the first [#tick].
  void listener(WindowListener heard) {
    listener = Optional.of(heard);
  }

  /// Time has passed.
  ///
  /// @param reachable peers that are to know of contact with this node
  /// @return whether a window began
  boolean tick(Set<NodeId> reachable) {
    OptionalLong length = lengthMillis.get();
    if (length.isEmpty()) {
      return false;
    }
    long window = nowMillis.getAsLong() / length.getAsLong();
    // A clock set back ends no window: its records would be of one that is not over.
    if (current >= 0 && window > current) {
      close();
    }
    boolean began = window != current;
    if (began) {
      listener.ifPresent(heard -> heard.began(window, length.getAsLong()));
      current = window;
    }
    contacts.acknowledge(reachable, window, outbox);
    return began;
  }

  /// The window that runs; -1 before the first.
  long current() {
    return current;
  }

  /// Records what has happened since the last window was recorded.
  void close() {
    if (current >= 0) {
      recorder.close(current).ifPresent(append);
    }
  }

  /// Tells that there will be no more windows. Completes when what is to be recorded of them was
  /// handed over, or after a second.
  CompletableFuture<Boolean> end() {
    return listener
        .map(heard ->
            heard.end().completeOnTimeout(false, 1, TimeUnit.SECONDS).exceptionally(_ -> false))
        .orElseGet(() -> CompletableFuture.completedFuture(true));
  }
}
