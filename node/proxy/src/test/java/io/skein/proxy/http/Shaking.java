package io.skein.proxy.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// TLS handshakes, step by step.
final class Shaking {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer out = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer plain = ByteBuffer.allocate(1 << 16);

  Shaking(SSLEngine engine) {
    this.engine = engine;
  }

  /// Shakes hands in memory, and passes the tickets on.
  ///
  /// @throws SSLException if a side refuses
  static void hands(SSLEngine client, SSLEngine server) throws SSLException {
    Shaking here = new Shaking(client);
    Shaking there = new Shaking(server);
    client.beginHandshake();
    server.beginHandshake();
    while (here.moves() | there.moves()) {
      here.pass(there);
      there.pass(here);
    }
  }

  /// Shakes hands, sends the request in the same write as the last message, and reads until the
  /// other side closes.
  static void handsAndRequest(SSLEngine client, Socket socket, String request) throws IOException {
    Shaking here = new Shaking(client);
    client.beginHandshake();
    boolean sent = false;
    int count = 0;
    while (count >= 0) {
      here.in.position(here.in.position() + count);
      here.moves();
      if (!sent && client.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
        client.wrap(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)), here.out);
        sent = true;
      }
      socket.getOutputStream().write(here.out.array(), 0, here.out.position());
      here.out.clear();
      count = socket.getInputStream().read(here.in.array(), here.in.position(), 1 << 15);
    }
  }

  private void pass(Shaking to) {
    out.flip();
    to.in.put(out);
    out.clear();
  }

  /// Goes on as far as it can.
  private boolean moves() throws SSLException {
    boolean moved = false;
    while (step()) {
      moved = true;
    }
    return moved;
  }

  private boolean step() throws SSLException {
    return switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        engine.getDelegatedTask().run();
        yield true;
      }
      case NEED_WRAP -> engine.wrap(NOTHING, out).bytesProduced() > 0;
      default -> {
        in.flip();
        boolean read =
            in.hasRemaining() && engine.unwrap(in, plain).getStatus() != Status.BUFFER_UNDERFLOW;
        in.compact();
        yield read;
      }
    };
  }
}
