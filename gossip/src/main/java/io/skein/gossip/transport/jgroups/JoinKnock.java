package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/// Asks a node whether it would accept this one, before joining.
///
/// JGroups has no word for "refused": a node whose certificate is not accepted just stays alone. In
/// TLS 1.3 the client's handshake is over before the server has judged the client's certificate, so
/// the verdict is the answer to the first message, or an alert in its place.
public final class JoinKnock {
  private JoinKnock() {}

  /// Knocks at `seed`; blocks for at most about three times `limit`.
  ///
  /// @param limit for the connection, the handshake and the answer, each
  public static KnockResult knock(MeshAddress seed, SSLContext tls, Duration limit) {
    int limitMillis = Math.clamp(limit.toMillis(), 1, 60_000);
    InetSocketAddress address = new InetSocketAddress(seed.host(), seed.port());
    if (address.isUnresolved()) {
      return new KnockResult.NoAnswer(seed + ": unknown host");
    }
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket()) {
      socket.setEnabledProtocols(MeshSockets.PROTOCOLS);
      socket.setSoTimeout(limitMillis);
      socket.setTcpNoDelay(true);
      // the answer is all there is to say: do not wait for the goodbye
      socket.setSoLinger(true, 0);
      socket.connect(address, limitMillis);
      socket.startHandshake();
      return ask(seed, socket);
    } catch (SSLException e) {
      return judge(seed, e);
    } catch (SocketTimeoutException _) {
      return new KnockResult.NoAnswer(seed + ": no answer within " + limitMillis + " ms");
    } catch (ConnectException e) {
      return new KnockResult.NoAnswer(seed + ": " + e.getMessage());
    } catch (IOException e) {
      return new KnockResult.NoAnswer(seed + ": " + e);
    }
  }

  private static KnockResult ask(MeshAddress seed, SSLSocket socket) throws IOException {
    try {
      socket.getOutputStream().write(MeshServerSocket.KNOCK);
    } catch (SocketException _) {
      // it has closed already; why, the read below tells
    }
    byte[] answer = socket.getInputStream().readNBytes(MeshServerSocket.WELCOME.length);
    return Arrays.equals(answer, MeshServerSocket.WELCOME)
        ? new KnockResult.Welcome()
        : new KnockResult.NoAnswer(seed + ": answers, but not as a node of a mesh does");
  }

  private static KnockResult judge(MeshAddress seed, SSLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return new KnockResult.Refused(
            "this node does not accept the certificate of " + seed + ": " + cause.getMessage());
      }
    }
    String message = String.valueOf(failure.getMessage());
    boolean alert = message.contains("Received fatal alert");
    if (alert || (failure instanceof SSLHandshakeException && !message.contains("terminated"))) {
      return new KnockResult.Refused(
          seed
              + " does not accept this node's certificate: "
              + message
              + "; its log has the reason");
    }
    return new KnockResult.NoAnswer(seed + ": no TLS 1.3 peer: " + message);
  }
}
