package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.app.config.HostPort;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BindAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "10.1.2.3", "[::1]"})
  void leavesAnAddressAlone(String host) {
    HostPort configured = new HostPort(host, 7_800);
    assertEquals(configured, BindAddress.of(configured));
  }

  @Test
  void turnsAWildcardIntoAnAddressThatCanBeBound() throws Exception {
    HostPort bind = BindAddress.of(new HostPort("0.0.0.0", 0));

    assertFalse(bind.isWildcard(), bind.toString());
    assertEquals(0, bind.port());
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(bind.host()))) {
      assertEquals(InetAddress.getByName(bind.host()), socket.getInetAddress());
    }
  }

  @Test
  void keepsThePortOfAWildcard() {
    assertEquals(7_801, BindAddress.of(new HostPort("0.0.0.0", 7_801)).port());
  }
}
