package io.skein.proxy.entrance;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ConcurrentHashMap;

/// How many connections are open from each address. Any thread; holds no more addresses than there
/// are connections.
final class ByAddress {
  private final ConcurrentHashMap<InetAddress, Integer> open = new ConcurrentHashMap<>();
  private volatile int most;

  /// @param most from one address; 0: no limit, and nothing is counted
  ByAddress(int most) {
    this.most = most;
  }

  /// Another limit from now on. Connections that came while nothing was counted are not counted.
  void limit(int other) {
    most = other;
  }

  /// Takes a place; to be given back with [#left] if it was given.
  boolean tryEnter(SocketAddress remote) {
    if (most == 0 || !(remote instanceof InetSocketAddress inet)) {
      return true;
    }
    int now = open.merge(inet.getAddress(), 1, Integer::sum);
    if (now > most) {
      left(remote);
      return false;
    }
    return true;
  }

  void left(SocketAddress remote) {
    if (!open.isEmpty() && remote instanceof InetSocketAddress inet) {
      open.computeIfPresent(inet.getAddress(), (_, count) -> count == 1 ? null : count - 1);
    }
  }
}
