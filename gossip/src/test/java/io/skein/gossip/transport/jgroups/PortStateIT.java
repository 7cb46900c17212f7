package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("net")
class PortStateIT {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final int MANY = 16;

  private static PortState dial(int port) {
    return PortState.of(new InetSocketAddress(HERE, port), HERE, LIMIT);
  }

  @Test
  void isRefusedWhereNobodyListensAndNowhereElse() throws IOException {
    int port;
    try (ServerSocket listens = new ServerSocket(0, MANY, HERE)) {
      port = listens.getLocalPort();
      assertEquals(PortState.OPEN, dial(port));
    }
    // Bound and not listening: nobody else is given the port meanwhile.
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(HERE, 0));
      assertEquals(PortState.REFUSED, dial(held.getLocalPort()));
    }
  }

  /// A process that takes no connections: it stands still, or has no descriptor left.
  @Test
  @EnabledOnOs(OS.LINUX)
  void isSilentAndNeverRefusedWhereTheBacklogIsFull() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, 1, HERE)) {
      PortState last = PortState.OPEN;
      for (int i = 0; i < MANY && last == PortState.OPEN; i++) {
        Socket one = new Socket();
        waiting.add(one);
        try {
          one.connect(deaf.getLocalSocketAddress(), 100);
        } catch (IOException _) {
          // full
        }
        last = dial(deaf.getLocalPort());
        assertNotEquals(PortState.REFUSED, last);
      }
      assertEquals(PortState.SILENT, last);
    } finally {
      for (Socket one : waiting) {
        one.close();
      }
    }
  }
}
