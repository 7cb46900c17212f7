package io.skein.chaos.history;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes a history as lines of JSON (UTF-8, ended by LF): the header, then one event a line. The
/// same history gives the same bytes.
///
/// One thread.
public final class HistoryWriter implements AutoCloseable {
  /// What the first line calls the format.
  public static final String FORMAT = "skein-chaos-history/1";

  private final OutputStream out;

  /// Writes the header; closes `out` when closed itself.
  public HistoryWriter(OutputStream out, Header header) throws IOException {
    this.out = new BufferedOutputStream(out, 1 << 16);
    line(
        Json.object()
            .with("format", FORMAT)
            .with("seed", header.seed())
            .with("virtual", header.virtual())
            .with("nodes", Json.strings(header.nodes()))
            .with("plan", Json.parse(header.plan()))
            .with("replay", header.replay()));
  }

  /// Writes a whole history to a file.
  public static void write(Path file, Header header, Iterable<Event> events) throws IOException {
    try (HistoryWriter writer = new HistoryWriter(Files.newOutputStream(file), header)) {
      for (Event event : events) {
        writer.write(event);
      }
    }
  }

  /// Writes an event.
  ///
  /// @throws MalformedHistory if its value is no JSON
  public void write(Event event) throws IOException {
    line(
        Json.object()
            .with("nanos", event.nanos())
            .with("process", event.process())
            .with("node", event.node())
            .with("kind", event.kind().name())
            .with("function", event.function())
            .with("value", Json.parse(event.value())));
  }

  private void line(Json json) throws IOException {
    try {
      out.write(json.toString().getBytes(StandardCharsets.UTF_8));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.write('\n');
  }

  /// Hands on what has been written so far.
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
