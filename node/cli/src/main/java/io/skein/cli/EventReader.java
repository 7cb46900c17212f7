package io.skein.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads events of a text/event-stream (WHATWG HTML §9.2), each at most [#MAX_LINE] bytes a line.
final class EventReader implements Closeable {
  private static final int MAX_LINE = 16 << 20;

  private final InputStream in;

  EventReader(InputStream in) {
    this.in = new BufferedInputStream(in, 64 * 1024);
  }

  /// The next event with data; empty at the end.
  Optional<ApiClient.Event> next() throws IOException {
    String id = "";
    String name = "message";
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Optional<byte[]> line = line(); line.isPresent(); line = line()) {
      byte[] bytes = line.get();
      if (bytes.length == 0) {
        if (data.size() > 0) {
          return Optional.of(new ApiClient.Event(id, name, data.toByteArray()));
        }
        name = "message";
        continue;
      }
      String text = new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.UTF_8);
      if (text.startsWith("data: ")) {
        data.write(bytes, 6, bytes.length - 6);
      } else if (text.startsWith("id: ")) {
        id = new String(bytes, 4, bytes.length - 4, StandardCharsets.UTF_8);
      } else if (text.startsWith("event: ")) {
        name = new String(bytes, 7, bytes.length - 7, StandardCharsets.UTF_8);
      }
    }
    return Optional.empty();
  }

  private Optional<byte[]> line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return Optional.of(line.toByteArray());
      }
      if (line.size() == MAX_LINE) {
        throw new IOException("an event is larger than 16 MiB");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
