package io.skein.api;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client of event streams on a plain socket, with a small receive buffer so that who does not
/// read is felt at the other end.
final class EventSource implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final BufferedReader reader;
  private final int status;

  /// One event.
  ///
  /// @param id empty if it has none
  record Event(String id, String name, JsonObject data) {}

  EventSource(int port, String path, String... headers) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(32 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
    StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
    request.append("Host: 127.0.0.1\r\nAccept: text/event-stream\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    request.append("\r\n");
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
    reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    status = Integer.parseInt(line().split(" ")[1]);
  }

  /// The answer's status.
  int status() {
    return status;
  }

  /// The next line as it is.
  String line() throws IOException {
    String line = reader.readLine();
    if (line == null) {
      throw new IOException("the stream ended");
    }
    return line;
  }

  /// The next event; comments and chunk lengths are passed over.
  Event next() throws IOException {
    String id = "";
    String name = "";
    while (true) {
      String line = line();
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        return new Event(id, name, new JsonObject(line.substring(6)));
      }
    }
  }

  /// Data of the next event of this name; others are passed over.
  JsonObject next(String name) throws IOException {
    Event event = next();
    while (!event.name().equals(name)) {
      event = next();
    }
    return event.data();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
