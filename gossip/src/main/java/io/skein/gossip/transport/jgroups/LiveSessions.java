package io.skein.gossip.transport.jgroups;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// The TLS connections that stand, whichever side made them, so that those of a peer that is not
/// welcome any more can be closed. Any thread.
final class LiveSessions {
  private record Live(Socket socket, SSLSocket tls) {
    boolean over() {
      return socket.isClosed() || tls.isClosed();
    }
  }

  private final List<Live> all = new ArrayList<>();

  /// @param socket what to close
  synchronized void add(Socket socket, SSLSocket tls) {
    all.removeIf(Live::over);
    all.add(new Live(socket, tls));
  }

  /// Closes those whose session is not `welcome`; how many they were. A connection whose handshake
  /// is under way is judged by that.
  synchronized int closeUnless(Predicate<SSLSession> welcome) {
    all.removeIf(Live::over);
    int closed = 0;
    for (Live live : all) {
      if (live.tls().isConnected()
          && live.tls().getHandshakeSession() == null
          && live.tls().getSession().isValid()
          && !welcome.test(live.tls().getSession())) {
        closed++;
        // TLS says goodbye when it closes, and a peer that is stuck can make that take long.
        Thread.ofVirtual().name("skein-close").start(() -> close(live.socket()));
      }
    }
    return closed;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // closed is closed
    }
  }
}
