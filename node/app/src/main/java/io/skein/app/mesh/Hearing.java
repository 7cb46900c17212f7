package io.skein.app.mesh;

import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import java.util.SortedSet;

/// Hands to the mesh thread what the transport hears: messages as long as not too many wait, views
/// in any case. Any thread.
final class Hearing implements Transport.Listener {
  private final MeshThread thread;
  private final Intake intake;
  private final Exclusion exclusion;

  Hearing(MeshThread thread, Intake intake, Exclusion exclusion) {
    this.thread = thread;
    this.intake = intake;
    this.exclusion = exclusion;
  }

  @Override
  public void message(PeerId from, int channel, byte[] payload) {
    thread.executeOrDrop(() -> intake.receive(from, channel, payload));
  }

  @Override
  public void view(SortedSet<PeerId> reachable) {
    thread.execute(() -> exclusion.viewed(reachable));
  }
}
