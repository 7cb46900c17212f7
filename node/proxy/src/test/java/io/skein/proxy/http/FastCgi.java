package io.skein.proxy.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A responder by FastCGI 1.0: tells what the web server before it understood of a request, in a
/// form that leaves nothing to understand.
final class FastCgi implements AutoCloseable {
  private static final int BEGIN = 1;
  private static final int PARAMS = 4;
  private static final int STDIN = 5;
  private static final int STDOUT = 6;
  private static final int END = 3;

  private final ServerSocket server;
  private final Consumer<RealOrigin.Seen> seen;

  FastCgi(Consumer<RealOrigin.Seen> seen) throws IOException {
    this.seen = seen;
    this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      boolean keep = true;
      while (keep) {
        keep = request(in, socket.getOutputStream());
      }
    } catch (EOFException e) {
      // the server is done with this connection, or gave the request up
    } catch (IOException e) {
      // the same
    }
  }

  private boolean request(DataInputStream in, OutputStream out) throws IOException {
    ByteArrayOutputStream params = new ByteArrayOutputStream();
    int bodyBytes = 0;
    boolean keep = false;
    while (true) {
      in.readUnsignedByte();
      int type = in.readUnsignedByte();
      int id = in.readUnsignedShort();
      int length = in.readUnsignedShort();
      int padding = in.readUnsignedByte();
      in.readUnsignedByte();
      byte[] content = new byte[length];
      in.readFully(content);
      in.skipNBytes(padding);
      switch (type) {
        case BEGIN -> keep = (content[2] & 1) != 0;
        case PARAMS -> params.write(content);
        case STDIN -> {
          bodyBytes += length;
          if (length == 0) {
            answer(id, params.toByteArray(), bodyBytes, out);
            return keep;
          }
        }
        default -> {}
      }
    }
  }

  private void answer(int id, byte[] params, int bodyBytes, OutputStream out) throws IOException {
    Map<String, String> all = read(ByteBuffer.wrap(params));
    Map<String, String> fields = new TreeMap<>();
    all.forEach((name, value) -> {
      if (name.startsWith("HTTP_")) {
        fields.put(name.substring(5).replace('_', '-').toLowerCase(Locale.ROOT), value);
      }
    });
    RealOrigin.Seen request =
        new RealOrigin.Seen(
            all.getOrDefault("REQUEST_METHOD", ""),
            all.getOrDefault("REQUEST_URI", ""),
            bodyBytes,
            fields);
    seen.accept(request);
    String text =
        "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nX-Saw: "
            + request.word()
            + "\r\n\r\n"
            + (request.method().equals("HEAD") ? "" : "seen");
    byte[] answer = text.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer records = ByteBuffer.allocate(answer.length + 32);
    head(records, STDOUT, id, answer.length).put(answer);
    head(records, STDOUT, id, 0);
    head(records, END, id, 8).put(new byte[8]);
    out.write(records.array(), 0, records.position());
    out.flush();
  }

  private static ByteBuffer head(ByteBuffer to, int type, int id, int length) {
    return to.put((byte) 1)
        .put((byte) type)
        .putShort((short) id)
        .putShort((short) length)
        .putShort((short) 0);
  }

  private static Map<String, String> read(ByteBuffer params) {
    Map<String, String> all = new LinkedHashMap<>();
    while (params.hasRemaining()) {
      int name = length(params);
      int value = length(params);
      all.put(text(params, name), text(params, value));
    }
    return all;
  }

  private static int length(ByteBuffer params) {
    int first = params.get(params.position());
    return first >= 0 ? params.get() : params.getInt() & 0x7fffffff;
  }

  private static String text(ByteBuffer params, int length) {
    byte[] bytes = new byte[length];
    params.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
