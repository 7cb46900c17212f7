package io.skein.cli.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads and writes JSON text.
public final class JsonText {
  private JsonText() {}

  /// The one value that `bytes` hold; nested at most 1,000 levels deep.
  ///
  /// @throws IOException if they hold anything else
  public static Json parse(byte[] bytes) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(bytes)) {
      if (parser.nextToken() == null) {
        throw new IOException("empty");
      }
      Json value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException("more than one value");
      }
      return value;
    }
  }

  private static Json value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield new Json.Members(members);
      }
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield new Json.Items(items);
      }
      case VALUE_STRING -> new Json.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Number(parser.getText());
      case VALUE_TRUE -> new Json.Truth(true);
      case VALUE_FALSE -> new Json.Truth(false);
      case VALUE_NULL -> Json.NOTHING;
      default -> throw new IOException("unexpected " + token);
    };
  }

  static void compact(Json value, StringBuilder out) {
    switch (value) {
      case Json.Members(var members) -> {
        String separator = "{";
        for (Map.Entry<String, Json> member : members.entrySet()) {
          out.append(separator);
          quote(member.getKey(), out);
          compact(member.getValue(), out.append(':'));
          separator = ",";
        }
        out.append(members.isEmpty() ? "{}" : "}");
      }
      case Json.Items(var items) -> {
        String separator = "[";
        for (Json item : items) {
          compact(item, out.append(separator));
          separator = ",";
        }
        out.append(items.isEmpty() ? "[]" : "]");
      }
      case Json.Text(String text) -> quote(text, out);
      case Json.Number(String digits) -> out.append(digits);
      case Json.Truth(boolean truth) -> out.append(truth);
      case Json.Null() -> out.append("null");
    }
  }

  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          boolean plain = c >= ' ' && c < 0x7f || c >= 0xa0 && !Character.isSurrogate(c);
          if (plain || Character.isSurrogate(c)) {
            out.append(c);
          } else {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          }
        }
      }
    }
    out.append('"');
  }
}
