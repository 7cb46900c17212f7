package io.skein.gossip.transport.jgroups;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands out connections only after their handshake is over and their first byte is there.
///
/// Each caller gets a virtual thread and [MeshSockets#HANDSHAKE_LIMIT]; at most [#MAX_UNPROVEN] at
/// once, further ones are closed. A caller that only wants to know whether it is welcome
/// ([JoinKnock]) is answered here and never reaches JGroups.
final class MeshServerSocket extends ServerSocket {
  static final byte[] KNOCK = "SKEIN?1".getBytes(StandardCharsets.US_ASCII);
  static final byte[] WELCOME = "SKEIN!1".getBytes(StandardCharsets.US_ASCII);

  private static final Logger LOG = LoggerFactory.getLogger(MeshServerSocket.class);
  private static final int MAX_UNPROVEN = 64;
  private static final int MAX_READY = 256;
  private static final int LINGER_MILLIS = 500;
  private static final int MAX_LOGGED_A_SECOND = 5;
  private static final int MAX_UNREAD_BYTES = 16_384;

  private final SSLSocketFactory tls;
  private final LiveSessions live;
  private final Semaphore unproven = new Semaphore(MAX_UNPROVEN);
  private final BlockingQueue<Socket> ready = new ArrayBlockingQueue<>(MAX_READY);
  private final AtomicBoolean accepting = new AtomicBoolean();
  private final AtomicLong loggedSecond = new AtomicLong();
  private final AtomicInteger loggedInSecond = new AtomicInteger();

  MeshServerSocket(SSLSocketFactory tls, LiveSessions live) throws IOException {
    super();
    this.tls = tls;
    this.live = live;
  }

  @Override
  public Socket accept() throws IOException {
    if (accepting.compareAndSet(false, true)) {
      Thread.ofVirtual().name("skein-accept-" + getLocalPort()).start(this::acceptAll);
    }
    try {
      while (!isClosed()) {
        Socket socket = ready.poll(1, TimeUnit.SECONDS);
        if (socket != null) {
          return socket;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SocketException("Socket closed");
  }

  private void acceptAll() {
    while (!isClosed()) {
      try {
        Socket raw = super.accept();
        if (unproven.tryAcquire()) {
          Thread.ofVirtual().name("skein-handshake").start(() -> greet(raw));
        } else {
          raw.close();
        }
      } catch (IOException e) {
        if (!isClosed()) {
          LOG.warn("cannot accept a connection: {}", e.toString());
        }
      }
    }
  }

  private void greet(Socket raw) {
    boolean kept = false;
    try {
      raw.setSoTimeout((int) MeshSockets.HANDSHAKE_LIMIT.toMillis());
      raw.setTcpNoDelay(true);
      SSLSocket socket =
          (SSLSocket)
              tls.createSocket(raw, raw.getInetAddress().getHostAddress(), raw.getPort(), false);
      socket.setUseClientMode(false);
      socket.setNeedClientAuth(true);
      socket.setEnabledProtocols(MeshSockets.PROTOCOLS);
      socket.startHandshake();
      PushbackInputStream in = new PushbackInputStream(socket.getInputStream(), 1);
      int first = in.read();
      if (first == KNOCK[0]) {
        answer(socket, in);
      } else if (first >= 0) {
        in.unread(first);
        raw.setSoTimeout(0);
        kept = ready.offer(new ProvenSocket(raw, socket, in));
        live.add(raw, socket);
      }
    } catch (IOException e) {
      refuse(raw, e);
    } finally {
      unproven.release();
      if (!kept) {
        close(raw);
      }
    }
  }

  private static void answer(SSLSocket socket, InputStream in) throws IOException {
    byte[] rest = in.readNBytes(KNOCK.length - 1);
    if (Arrays.equals(rest, 0, rest.length, KNOCK, 1, KNOCK.length)) {
      socket.getOutputStream().write(WELCOME);
      socket.getOutputStream().flush();
    }
  }

  private void refuse(Socket raw, IOException failure) {
    Optional<String> ownRefusal = certificateRefusal(failure);
    if (ownRefusal.isPresent()) {
      // The trust manager's owner knows more than this and tells it.
      LOG.debug("refused {}: {}", raw.getRemoteSocketAddress(), ownRefusal.get());
    } else if (mayLog()) {
      LOG.warn("no peer at {}: {}", raw.getRemoteSocketAddress(), reason(failure));
    } else {
      LOG.debug("no peer at {}: {}", raw.getRemoteSocketAddress(), failure.toString());
    }
    try {
      // closing with bytes unread resets the connection, and the caller never sees the alert
      raw.setSoTimeout(LINGER_MILLIS);
      raw.shutdownOutput();
      raw.getInputStream().skipNBytes(MAX_UNREAD_BYTES);
    } catch (IOException _) {
      // the caller has gone, which is what was waited for
    }
  }

  private static Optional<String> certificateRefusal(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static String reason(IOException failure) {
    String text = String.valueOf(failure.getMessage());
    if (text.contains("plaintext") || text.contains("Unsupported or unrecognized SSL message")) {
      return "it does not speak TLS";
    }
    return text.contains("alert") || failure instanceof SocketException
        ? "it broke off the handshake, as a node of another mesh does (" + text + ")"
        : text;
  }

  // Whoever reaches the port can make a handshake fail as often as he likes; he cannot fill the
  // log.
  private boolean mayLog() {
    long second = System.nanoTime() / 1_000_000_000L;
    if (loggedSecond.getAndSet(second) != second) {
      loggedInSecond.set(0);
    }
    return loggedInSecond.incrementAndGet() <= MAX_LOGGED_A_SECOND;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // closed is closed
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    for (Socket socket = ready.poll(); socket != null; socket = ready.poll()) {
      close(socket);
    }
  }
}
