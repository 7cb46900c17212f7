package io.skein.cli.json;

import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;

/// Writes a value as YAML: block style, texts in double quotes wherever plain ones could mean
/// something else.
final class YamlText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
  private static final Pattern SPECIAL =
      Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n|nan|inf");

  private YamlText() {}

  static void document(Json value, StringBuilder out) {
    block(value, "", out);
  }

  /// Writes `value` where the indentation of its first line is already written.
  private static void block(Json value, String indent, StringBuilder out) {
    switch (value) {
      case Json.Members(var members) when !members.isEmpty() -> {
        Iterator<Map.Entry<String, Json>> each = members.entrySet().iterator();
        while (each.hasNext()) {
          Map.Entry<String, Json> member = each.next();
          out.append(scalar(member.getKey())).append(':');
          boolean nested = nested(member.getValue());
          out.append(nested ? "\n" + indent + "  " : " ");
          block(member.getValue(), indent + "  ", out);
          out.append(each.hasNext() ? indent : "");
        }
      }
      case Json.Items(var items) when !items.isEmpty() -> {
        Iterator<Json> each = items.iterator();
        while (each.hasNext()) {
          block(each.next(), indent + "  ", out.append("- "));
          out.append(each.hasNext() ? indent : "");
        }
      }
      case Json.Text(String text) -> out.append(scalar(text)).append('\n');
      case Json.Members _, Json.Items _, Json.Number _, Json.Truth _, Json.Null _ ->
          out.append(value.compact()).append('\n');
    }
  }

  private static boolean nested(Json value) {
    return value instanceof Json.Members(var members) && !members.isEmpty()
        || value instanceof Json.Items(var items) && !items.isEmpty();
  }

  private static String scalar(String text) {
    if (PLAIN.matcher(text).matches() && !SPECIAL.matcher(text).matches()) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    JsonText.quote(text, out);
    return out.toString();
  }
}
