package io.skein.ledger.vectors;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Vectors as JSON. Bytes are hexadecimal; integers of 64 bits are decimal strings, since many
/// readers take a JSON number for a double.
final class Json {
  private Json() {}

  /// An object of names and values in turn.
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /// A record class's components by name, in their order.
  static Map<String, Object> components(Record value) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      try {
        object.put(component.getName(), plain(component.getAccessor().invoke(value)));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
    return object;
  }

  private static Object plain(Object value) {
    return switch (value) {
      case byte[] bytes -> hex(bytes);
      case Hash hash -> hash.toString();
      case PublicKey key -> key.toString();
      case NodeId node -> hex(node.toBytes());
      case FeedId feed ->
          object(
              "author", hex(feed.author().toBytes()), "epoch", Long.toUnsignedString(feed.epoch()));
      case SignedRecord record -> hex(record.encoded());
      case Long number -> Long.toString(number);
      case Optional<?> optional -> optional.map(Json::plain).orElse("");
      case List<?> list -> list.stream().map(Json::plain).toList();
      case Record record -> {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("is", record.getClass().getSimpleName());
        named.putAll(components(record));
        yield named;
      }
      default -> value;
    };
  }

  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, 0, out);
    return out.append('\n').toString();
  }

  private static void write(Object value, int depth, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        out.append('{');
        for (int i = 0; i < entries.size(); i++) {
          line(depth + 1, out.append(i == 0 ? "" : ","));
          quote(String.valueOf(entries.get(i).getKey()), out);
          out.append(": ");
          write(entries.get(i).getValue(), depth + 1, out);
        }
        line(depth, out);
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          line(depth + 1, out.append(i == 0 ? "" : ","));
          write(list.get(i), depth + 1, out);
        }
        if (!list.isEmpty()) {
          line(depth, out);
        }
        out.append(']');
      }
      case Integer number -> out.append(number);
      case Boolean flag -> out.append(flag);
      default -> quote(value.toString(), out);
    }
  }

  private static void line(int depth, StringBuilder out) {
    out.append('\n').append("  ".repeat(depth));
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
