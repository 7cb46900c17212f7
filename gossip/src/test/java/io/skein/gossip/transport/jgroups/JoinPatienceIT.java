package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
final class JoinPatienceIT {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final JGroupsTimers TIMERS = LoopbackMesh.FAST;

  private static Duration patience(MeshAddress... seeds) throws Exception {
    return JoinPatience.of(
        LoopbackMesh.config(new PeerId(0, 1), 0, List.of(seeds), TIMERS, Optional.empty()));
  }

  private static MeshAddress at(int port) {
    return new MeshAddress(HERE.getHostAddress(), port);
  }

  /// A port that refuses, for as long as its socket is open.
  private static Socket held() throws IOException {
    Socket held = new Socket();
    held.bind(new InetSocketAddress(HERE, 0));
    return held;
  }

  @Test
  void nobodyIsWaitedForWhoIsNotKnown() throws Exception {
    assertEquals(Duration.ofMillis(1), patience());
  }

  @Test
  void whereNobodyListensTheNodeWaitsAsConfigured() throws Exception {
    try (Socket one = held();
        Socket other = held()) {
      assertEquals(
          TIMERS.join(),
          patience(
              at(one.getLocalPort()), at(other.getLocalPort()), new MeshAddress("no.invalid", 1)));
    }
  }

  @Test
  void whereSomebodyListensItWaitsThriceAsLong() throws Exception {
    try (Socket dead = held();
        ServerSocket busy = new ServerSocket(0, 16, HERE)) {
      assertEquals(
          TIMERS.join().multipliedBy(3),
          patience(at(dead.getLocalPort()), at(busy.getLocalPort())));
    }
  }
}
