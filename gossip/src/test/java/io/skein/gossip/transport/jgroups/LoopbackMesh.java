package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Configurations for nodes in one JVM, with timers short enough for a test.
final class LoopbackMesh {
  static final JGroupsTimers FAST =
      new JGroupsTimers(
          Duration.ofMillis(300),
          Duration.ofMillis(400),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofMillis(250),
          Duration.ofMillis(1_500),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(800));

  private LoopbackMesh() {}

  static JGroupsConfig config(
      PeerId peer, int port, List<MeshAddress> seeds, Optional<SSLContext> tls) {
    return config(peer, port, seeds, FAST, tls);
  }

  static JGroupsConfig config(
      PeerId peer,
      int port,
      List<MeshAddress> seeds,
      JGroupsTimers timers,
      Optional<SSLContext> tls) {
    return new JGroupsConfig(
        "test",
        peer,
        "n" + (peer.low() & 0xff),
        new MeshAddress("127.0.0.1", port),
        Optional.empty(),
        seeds,
        List.of(),
        timers,
        tls);
  }
}
