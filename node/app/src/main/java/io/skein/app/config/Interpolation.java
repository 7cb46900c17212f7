package io.skein.app.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/// `${VAR}`, `${VAR:-default}`, `${file:/path}` and `$$` inside values of the file. As in a shell,
/// the default stands in for a variable that is unset or empty. What is inserted is not looked at
/// again.
final class Interpolation {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String FILE = "file:";
  private static final int MAX_FILE_BYTES = 64 * 1024;

  private Interpolation() {}

  /// A text with its references replaced.
  ///
  /// @param text the result
  /// @param indirect true if the whole text was one reference
  record Expanded(String text, boolean indirect) {}

  /// @throws ConfigMistake if a reference has no value or no end
  static Expanded expand(String text, Map<String, String> environment) {
    if (text.indexOf('$') < 0) {
      return new Expanded(text, false);
    }
    StringBuilder out = new StringBuilder();
    boolean indirect = false;
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$$", at)) {
        out.append('$');
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw new ConfigMistake(
              ConfigCode.VARIABLE_NOT_SET, "'${' is not closed; expected ${VARIABLE}");
        }
        out.append(value(text.substring(at + 2, end), environment));
        indirect = at == 0 && end == text.length() - 1;
        at = end + 1;
      } else {
        out.append(text.charAt(at++));
      }
    }
    return new Expanded(out.toString(), indirect);
  }

  private static String value(String reference, Map<String, String> environment) {
    if (reference.startsWith(FILE)) {
      return content(reference.substring(FILE.length()));
    }
    int dash = reference.indexOf(":-");
    String name = dash < 0 ? reference : reference.substring(0, dash);
    if (!VARIABLE.matcher(name).matches()) {
      throw new ConfigMistake(
          ConfigCode.VARIABLE_NOT_SET,
          "'${" + reference + "}' is no reference; expected ${VARIABLE} or ${VARIABLE:-default}");
    }
    String value = environment.getOrDefault(name, "");
    if (!value.isEmpty()) {
      return value;
    }
    if (dash < 0) {
      throw new ConfigMistake(
          ConfigCode.VARIABLE_NOT_SET,
          "variable " + name + " is not set; set it, or write ${" + name + ":-default}");
    }
    return reference.substring(dash + 2);
  }

  private static String content(String file) {
    try {
      Path path = Path.of(file);
      if (!Files.isRegularFile(path) || Files.size(path) > MAX_FILE_BYTES) {
        throw new IOException("not a file of at most 64 KiB");
      }
      return Files.readString(path, StandardCharsets.UTF_8).strip();
    } catch (IOException | InvalidPathException e) {
      throw new ConfigMistake(
          ConfigCode.REFERENCE_UNREADABLE, "file '" + file + "' cannot be read");
    }
  }
}
