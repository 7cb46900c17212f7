package io.skein.gossip.transport.jgroups;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jgroups.util.DefaultSocketFactory;

/// JGroups' sockets under TLS 1.3 with both sides proving themselves.
///
/// Ours instead of JGroups' own, because its acceptor makes the handshake of one caller after the
/// other: a caller that dawdles would keep all others out.
final class MeshSockets extends DefaultSocketFactory {
  static final String[] PROTOCOLS = {"TLSv1.3"};
  static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(5);

  // the JDK sends no session tickets if sessions last longer than TLS 1.3 allows tickets to
  private static final int NO_TICKETS_SECONDS = 8 * 24 * 3_600;

  private final SSLContext tls;
  private final LiveSessions live;

  MeshSockets(SSLContext tls, LiveSessions live) {
    this.tls = tls;
    this.live = live;
    // a resumed session skips the trust manager: a peer revoked meanwhile would come in
    tls.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
  }

  @Override
  public Socket createSocket(String name) throws IOException {
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket();
    socket.setEnabledProtocols(PROTOCOLS);
    CountDownLatch done = new CountDownLatch(1);
    socket.addHandshakeCompletedListener(_ -> {
      live.add(socket, socket);
      done.countDown();
    });
    Thread.ofVirtual().name("skein-handshake-limit").start(() -> closeUnless(done, socket));
    return socket;
  }

  private static void closeUnless(CountDownLatch done, SSLSocket socket) {
    try {
      if (!done.await(HANDSHAKE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        socket.close();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      // closed is closed
    }
  }

  @Override
  public ServerSocket createServerSocket(String name) throws IOException {
    return new MeshServerSocket(tls.getSocketFactory(), live);
  }
}
