package io.skein.app.config;

import io.skein.cli.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One thing that is wrong with a configuration.
///
/// @param code what kind of problem; stable
/// @param key path of the key it is about, such as `services[1].endpoints[0].url`; may be empty
/// @param place where it was given
/// @param message what is wrong and what was expected, in one line
public record ConfigProblem(ConfigCode code, String key, Place place, String message) {
  private static final int MARGIN = 5;
  private static final int MAX_SHOWN = 160;

  public ConfigProblem {
    message = printable(message);
  }

  /// The problem as people read it, one to three lines, each ended.
  public String render() {
    StringBuilder out = new StringBuilder();
    out.append(printable(place.label())).append(": error: ").append(message);
    out.append("   [").append(code.code()).append("]\n");
    if (place instanceof Place.InFile(_, int line, int column, int length, String text)) {
      // A line may be a megabyte long: show the part around the mistake.
      int from = column > MAX_SHOWN - 40 ? column - 40 : 0;
      int[] points = text.codePoints().skip(from).limit(MAX_SHOWN).toArray();
      String shown = printable(new String(points, 0, points.length)).stripTrailing();
      String number = Integer.toString(line);
      out.append(" ".repeat(Math.max(0, MARGIN - number.length())));
      out.append(number).append(" | ").append(shown).append('\n');
      int caret = Math.min(length, Math.max(1, MAX_SHOWN - (column - from)));
      out.append(" ".repeat(Math.max(MARGIN, number.length()))).append(" | ");
      out.append(" ".repeat(column - 1 - from)).append('^').append("~".repeat(caret - 1));
      out.append('\n');
    }
    return out.toString();
  }

  /// All problems as people read them, with the count at the end.
  public static String render(List<ConfigProblem> problems) {
    StringBuilder out = new StringBuilder();
    problems.forEach(problem -> out.append(problem.render()));
    out.append(problems.size()).append(problems.size() == 1 ? " error" : " errors");
    return out.append(". Nothing was started.\n").toString();
  }

  /// The problem as data.
  public Json toJson() {
    Map<String, Json> out = new LinkedHashMap<>();
    toMap()
        .forEach((name, value) ->
            out.put(
                name,
                switch (value) {
                  case Integer number -> Json.of(number);
                  case Boolean flag -> Json.of(flag);
                  default -> Json.of(value.toString());
                }));
    return Json.of(out);
  }

  /// The problem's members: texts, whole numbers, true.
  public Map<String, Object> toMap() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("code", code.code());
    out.put("key", key);
    out.put("message", message);
    switch (place) {
      case Place.InFile(String file, int line, int column, int length, String text) -> {
        out.put("file", file);
        out.put("line", line);
        out.put("column", column);
        out.put("length", length);
        out.put("text", text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) : text);
      }
      case Place.WholeFile(String file) -> out.put("file", file);
      case Place.InEnvironment(String variable) -> out.put("environment", variable);
      case Place.OnCommandLine(String flag) -> out.put("flag", flag);
      case Place.Default() -> out.put("default", true);
    }
    out.put("help", "skein help " + code.code());
    return out;
  }

  /// All problems as data: a list.
  public static Json toJson(List<ConfigProblem> problems) {
    return new Json.Items(problems.stream().map(ConfigProblem::toJson).toList());
  }

  /// A file's bytes must not steer the terminal that shows the message.
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c == '\t') {
            out.append(' ');
          } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            out.append('\uFFFD');
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }
}
