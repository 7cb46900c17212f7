package io.skein.chaos.history;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what [HistoryWriter] wrote, and nothing else: every line ended, every member there, none
/// besides.
public final class HistoryReader {
  /// Longest line, in bytes.
  public static final int MOST_LINE_BYTES = 16 << 20;

  /// Most events of a history.
  public static final int MOST_EVENTS = 20_000_000;

  private static final int MOST_NODES = 10_000;

  private final InputStream in;
  private final int mostEvents;
  private long line;

  private HistoryReader(InputStream in, int mostEvents) {
    this.in = in;
    this.mostEvents = mostEvents;
  }

  /// Reads a file.
  ///
  /// @throws MalformedHistory if it is no history, is longer than the limits, or contradicts itself
  public static History read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, MOST_EVENTS);
    }
  }

  /// Reads to the end of `in`.
  ///
  /// @param mostEvents most events that are taken
  public static History read(InputStream in, int mostEvents) throws IOException {
    return new HistoryReader(new BufferedInputStream(in, 1 << 16), mostEvents).history();
  }

  private History history() throws IOException {
    Optional<String> first = next();
    if (first.isEmpty()) {
      throw new MalformedHistory(1, "no header");
    }
    Header header = header(members(first.get(), 6));
    List<Event> events = new ArrayList<>();
    for (Optional<String> text = next(); text.isPresent(); text = next()) {
      if (events.size() == mostEvents) {
        throw new MalformedHistory(line, "more than " + mostEvents + " events");
      }
      events.add(event(members(text.get(), 6)));
    }
    return History.of(header, events);
  }

  private Header header(Json.Members members) throws MalformedHistory {
    if (!text(members, "format").equals(HistoryWriter.FORMAT)) {
      throw new MalformedHistory(line, "not a history of this format: " + HistoryWriter.FORMAT);
    }
    List<String> nodes = members.member("nodes").texts();
    if (!(members.member("nodes") instanceof Json.Items(List<Json> items))
        || items.size() != nodes.size()
        || nodes.size() > MOST_NODES) {
      throw new MalformedHistory(line, "nodes: not at most " + MOST_NODES + " names");
    }
    if (!(members.member("virtual") instanceof Json.Truth(boolean virtual))) {
      throw new MalformedHistory(line, "virtual: neither true nor false");
    }
    return new Header(
        whole(members, "seed"),
        virtual,
        nodes,
        required(members, "plan").toString(),
        text(members, "replay"));
  }

  private Event event(Json.Members members) throws MalformedHistory {
    long process = whole(members, "process");
    if (process < -1 || process > Integer.MAX_VALUE) {
      throw new MalformedHistory(line, "process: " + process + " (expected: >= -1)");
    }
    long nanos = whole(members, "nanos");
    if (nanos < 0) {
      throw new MalformedHistory(line, "nanos: " + nanos + " (expected: >= 0)");
    }
    return new Event(
        nanos,
        (int) process,
        text(members, "node").intern(),
        kind(text(members, "kind")),
        text(members, "function").intern(),
        required(members, "value").toString());
  }

  private Event.Kind kind(String name) throws MalformedHistory {
    for (Event.Kind kind : Event.Kind.values()) {
      if (kind.name().equals(name)) {
        return kind;
      }
    }
    throw new MalformedHistory(line, "kind: unknown");
  }

  private Json.Members members(String text, int count) throws MalformedHistory {
    Json json;
    try {
      json = Json.parse(text);
    } catch (MalformedHistory e) {
      throw new MalformedHistory(line, String.valueOf(e.getMessage()));
    }
    if (json instanceof Json.Members members && members.values().size() == count) {
      return members;
    }
    throw new MalformedHistory(line, "not an object of " + count + " members");
  }

  private Json required(Json.Members members, String name) throws MalformedHistory {
    Map<String, Json> values = members.values();
    if (!values.containsKey(name)) {
      throw new MalformedHistory(line, name + ": missing");
    }
    return members.member(name);
  }

  private String text(Json.Members members, String name) throws MalformedHistory {
    return required(members, name)
        .text()
        .orElseThrow(() -> new MalformedHistory(line, name + ": not a string"));
  }

  private long whole(Json.Members members, String name) throws MalformedHistory {
    return required(members, name)
        .whole()
        .orElseThrow(() -> new MalformedHistory(line, name + ": not a whole number"));
  }

  /// The next line without its end; empty at the end of all.
  private Optional<String> next() throws IOException {
    line++;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read < 0) {
        if (bytes.size() > 0) {
          throw new MalformedHistory(line, "cut off");
        }
        return Optional.empty();
      }
      if (bytes.size() == MOST_LINE_BYTES) {
        throw new MalformedHistory(line, "longer than " + MOST_LINE_BYTES + " bytes");
      }
      bytes.write(read);
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException _) {
      throw new MalformedHistory(line, "not UTF-8");
    }
  }
}
