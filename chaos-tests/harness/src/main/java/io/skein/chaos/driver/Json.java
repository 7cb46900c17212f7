package io.skein.chaos.driver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON document that a node answered with; what is not there is empty.
///
/// @param value a `Map`, `List`, `String`, `Number` or `Boolean`; an empty text for null and for
///   what is missing
public record Json(Object value) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final Json NOTHING = new Json("");

  /// Reads a document; nothing if it is none.
  public static Json parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return parser.nextToken() == null ? NOTHING : new Json(read(parser));
    } catch (IOException _) {
      return NOTHING;
    }
  }

  private static Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, read(parser));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(read(parser));
        }
        yield elements;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> "";
      default -> parser.getText();
    };
  }

  /// A member of an object.
  public Json at(String name) {
    return value instanceof Map<?, ?> members && members.get(name) instanceof Object member
        ? new Json(member)
        : NOTHING;
  }

  /// The elements of an array.
  public List<Json> elements() {
    return value instanceof List<?> elements
        ? elements.stream().map(element -> new Json((Object) element)).toList()
        : List.of();
  }

  /// The text, or a number's or truth value's.
  public String text() {
    return value instanceof Map || value instanceof List ? "" : value.toString();
  }

  /// The whole number; 0 if it is none.
  public long number() {
    return value instanceof Number number ? number.longValue() : 0;
  }

  /// A text as JSON.
  public static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
