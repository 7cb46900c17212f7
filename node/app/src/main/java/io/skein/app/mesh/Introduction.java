package io.skein.app.mesh;

import io.skein.app.rumor.Rumor;
import io.skein.app.rumor.Who;
import java.util.function.Consumer;

/// What this node says of itself, and tells its peers at once when it changes. On the mesh thread,
/// but for [#who].
final class Introduction {
  private final Consumer<Rumor> urgently;
  private final EventLog events;
  private boolean ordered;
  private boolean retreating;
  private volatile Who who;

  /// @param urgently tells every peer
  Introduction(Who who, Consumer<Rumor> urgently, EventLog events) {
    this.who = who;
    this.urgently = urgently;
    this.events = events;
  }

  /// What it says now. Any thread.
  Who who() {
    return who;
  }

  void tell() {
    urgently.accept(who);
  }

  /// Takes the node out of traffic or back in, because somebody wants it.
  void drain(boolean draining) {
    ordered = draining;
    tellDraining();
  }

  /// Takes the node out of traffic or back in, because the mesh decided so.
  void retreat(boolean draining) {
    retreating = draining;
    tellDraining();
  }

  private void tellDraining() {
    boolean draining = ordered || retreating;
    boolean changed = draining != who.draining();
    who = who.withDraining(draining);
    tell();
    if (changed) {
      events.add("node", "info", who.name(), draining ? "draining" : "takes traffic again");
    }
  }

  /// The mesh port's real address is known.
  void meshAddress(String address) {
    who = who.withMeshAddress(address);
    tell();
  }
}
