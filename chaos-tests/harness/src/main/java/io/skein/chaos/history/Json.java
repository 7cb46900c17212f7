package io.skein.chaos.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A JSON value. Its text is compact, members in the order in which they came (RFC 8259).
///
/// Nesting is bounded by 64, a number by 40 characters, a string by 16 Mi characters; a member that
/// comes twice is refused.
public sealed interface Json {
  /// `null`.
  Json NOTHING = new Nothing();

  /// A string.
  record Text(String value) implements Json {
    @Override
    public String toString() {
      return Json.write(this);
    }
  }

  /// A number, as it was written.
  record Numeral(String digits) implements Json {
    @Override
    public String toString() {
      return digits;
    }
  }

  /// `true` or `false`.
  record Truth(boolean value) implements Json {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /// `null`.
  record Nothing() implements Json {
    @Override
    public String toString() {
      return "null";
    }
  }

  /// An array.
  record Items(List<Json> values) implements Json {
    /// Copies the list.
    public Items {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return Json.write(this);
    }
  }

  /// An object.
  record Members(Map<String, Json> values) implements Json {
    /// Copies the map, order kept.
    public Members {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// This with one more member, or with another value of it.
    public Members with(String name, Json value) {
      Map<String, Json> more = new LinkedHashMap<>(values);
      more.put(name, value);
      return new Members(more);
    }

    /// This with one more member, or with another value of it.
    public Members with(String name, String value) {
      return with(name, new Text(value));
    }

    /// This with one more member, or with another value of it.
    public Members with(String name, long value) {
      return with(name, of(value));
    }

    /// This with one more member, or with another value of it.
    public Members with(String name, boolean value) {
      return with(name, new Truth(value));
    }

    @Override
    public String toString() {
      return Json.write(this);
    }
  }

  /// An object without members.
  static Members object() {
    return new Members(Map.of());
  }

  /// A string.
  static Json of(String value) {
    return new Text(value);
  }

  /// A whole number.
  static Json of(long value) {
    return new Numeral(Long.toString(value));
  }

  /// An array of strings.
  static Json strings(Iterable<String> values) {
    List<Json> items = new ArrayList<>();
    values.forEach(value -> items.add(new Text(value)));
    return new Items(items);
  }

  /// A member of this object; nothing if this is none or has it not.
  default Json member(String name) {
    return this instanceof Members(Map<String, Json> values)
        ? values.getOrDefault(name, NOTHING)
        : NOTHING;
  }

  /// This string.
  default Optional<String> text() {
    return this instanceof Text(String value) ? Optional.of(value) : Optional.empty();
  }

  /// The member of that name, if it is a string.
  default Optional<String> text(String name) {
    return member(name).text();
  }

  /// This number, if it is a whole one of 64 bits.
  default OptionalLong whole() {
    if (this instanceof Numeral(String digits)) {
      try {
        return OptionalLong.of(Long.parseLong(digits));
      } catch (NumberFormatException _) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  /// The member of that name, if it is a whole number.
  default OptionalLong whole(String name) {
    return member(name).whole();
  }

  /// Whether the member of that name is `true`.
  default boolean truth(String name) {
    return member(name) instanceof Truth(boolean value) && value;
  }

  /// This array's values; empty if it is none.
  default List<Json> items() {
    return this instanceof Items(List<Json> values) ? values : List.of();
  }

  /// The strings of this array; empty if it is none, without what is no string.
  default List<String> texts() {
    List<String> texts = new ArrayList<>();
    items().forEach(item -> item.text().ifPresent(texts::add));
    return texts;
  }

  /// Reads one value and nothing behind it.
  ///
  /// @throws MalformedHistory if the text is not exactly one
  static Json parse(String text) throws MalformedHistory {
    try (JsonParser in = Reading.FACTORY.createParser(text)) {
      in.nextToken();
      Json value = read(in);
      if (in.nextToken() != null) {
        throw new MalformedHistory(0, "more than one JSON value");
      }
      return value;
    } catch (MalformedHistory e) {
      throw e;
    } catch (IOException e) {
      throw new MalformedHistory(0, "not JSON: " + brief(e));
    }
  }

  /// What a parser found wrong, on one line and without the text it found it in.
  private static String brief(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static Json read(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null) {
      throw new MalformedHistory(0, "no JSON value");
    }
    return switch (token) {
      case VALUE_STRING -> new Text(in.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(in.getText());
      case VALUE_TRUE -> new Truth(true);
      case VALUE_FALSE -> new Truth(false);
      case VALUE_NULL -> NOTHING;
      case START_ARRAY -> {
        List<Json> values = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          values.add(read(in));
        }
        yield new Items(values);
      }
      case START_OBJECT -> {
        Map<String, Json> values = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String name = in.currentName();
          in.nextToken();
          values.put(name, read(in));
        }
        yield new Members(values);
      }
      case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedHistory(0, "no JSON value");
    };
  }

  private static String write(Json value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Reading.FACTORY.createGenerator(text)) {
      value.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /// Writes this to `out`.
  private void writeTo(JsonGenerator out) throws IOException {
    switch (this) {
      case Text(String value) -> out.writeString(value);
      case Numeral(String digits) -> out.writeNumber(digits);
      case Truth(boolean value) -> out.writeBoolean(value);
      case Nothing() -> out.writeNull();
      case Items(List<Json> values) -> {
        out.writeStartArray();
        for (Json item : values) {
          item.writeTo(out);
        }
        out.writeEndArray();
      }
      case Members(Map<String, Json> values) -> {
        out.writeStartObject();
        for (Map.Entry<String, Json> member : values.entrySet()) {
          out.writeFieldName(member.getKey());
          member.getValue().writeTo(out);
        }
        out.writeEndObject();
      }
    }
  }

  /// The reader and its limits.
  final class Reading {
    private static final JsonFactory FACTORY =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(40)
                    .maxStringLength(1 << 24)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private Reading() {}
  }
}
