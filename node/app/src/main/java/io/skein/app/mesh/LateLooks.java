package io.skein.app.mesh;

import io.skein.app.routes.Reach;
import io.skein.ledger.key.NodeId;
import java.time.Duration;
import java.util.function.Supplier;

/// When [Truths] looks for late answers: with each tick, and 20 ms after a look that says that
/// somebody may want to know sooner, or after a peer's word of a late answer. Many words become one
/// look. Confined to the mesh thread.
final class LateLooks {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final MeshThread thread;
  private final Truths truths;
  private final Supplier<Reach> reach;
  private boolean scheduled;

  LateLooks(MeshThread thread, Truths truths, Supplier<Reach> reach) {
    this.thread = thread;
    this.truths = truths;
    this.reach = reach;
  }

  /// A fraction of a second has passed.
  void tick() {
    truths.tick(reach, System.nanoTime());
    if (!scheduled) {
      look();
    }
  }

  /// A peer has said how it fares with endpoints.
  void heard(NodeId peer) {
    if (truths.heard(peer, System.nanoTime())) {
      later();
    }
  }

  private void look() {
    if (truths.look(reach, System.nanoTime())) {
      later();
    }
  }

  private void later() {
    if (!scheduled) {
      scheduled = true;
      thread.after(
          PAUSE,
          () -> {
            scheduled = false;
            look();
          });
    }
  }
}
