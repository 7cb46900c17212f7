package io.skein.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a request's body member by member and gathers every mistake; [#done] tells them all at
/// once, also members nobody asked for.
final class BodyReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

  private final JsonObject body;
  private final String base;
  private final Set<String> asked = new LinkedHashSet<>();
  private final Map<String, BodyReader> within = new LinkedHashMap<>();
  private final List<Problem.FieldError> errors;

  private BodyReader(JsonObject body, String base, List<Problem.FieldError> errors) {
    this.body = body;
    this.base = base;
    this.errors = errors;
  }

  /// The request's body; an absent one counts as `{}`.
  static BodyReader of(RoutingContext context) {
    Buffer bytes = context.body().buffer();
    if (bytes == null || bytes.length() == 0) {
      return new BodyReader(new JsonObject(), "", new ArrayList<>());
    }
    String type = context.request().getHeader("Content-Type");
    if (type != null && !isJson(type)) {
      throw ProblemCode.UNSUPPORTED_MEDIA_TYPE.found(
          415, "Content-Type: " + type + " (expected: application/json)");
    }
    checkForm(bytes.getBytes());
    return new BodyReader(new JsonObject(bytes), "", new ArrayList<>());
  }

  private static boolean isJson(String type) {
    String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return bare.equals("application/json");
  }

  private static void checkForm(byte[] bytes) {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notAnObject(parser.currentTokenLocation());
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw notAnObject(parser.currentTokenLocation());
      }
    } catch (JacksonException e) {
      throw malformed(e.getLocation(), e.getOriginalMessage());
    } catch (IOException e) {
      throw malformed(JsonLocation.NA, "not UTF-8");
    }
  }

  private static Problem.Found notAnObject(JsonLocation at) {
    return malformed(at, "expected one JSON object");
  }

  private static Problem.Found malformed(JsonLocation at, String message) {
    String first = message.lines().findFirst().orElse("malformed");
    return ProblemCode.MALFORMED_JSON.found(
        400, "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + first);
  }

  /// A text; `otherwise` if absent.
  String text(String name, String otherwise, Predicate<String> good, String expected) {
    Object value = take(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text && good.test(text)) {
      return text;
    }
    wrong(name, value, expected);
    return otherwise;
  }

  /// A text that must be there.
  String required(String name, Predicate<String> good, String expected) {
    if (!body.containsKey(name)) {
      asked.add(name);
      add(name, name + ": missing (expected: " + expected + ")");
      return "";
    }
    return text(name, "", good, expected);
  }

  /// A whole number.
  long number(String name, long otherwise, long least, long most) {
    Object value = take(name);
    if (value == null) {
      return otherwise;
    }
    if ((value instanceof Integer || value instanceof Long)
        && ((Number) value).longValue() >= least
        && ((Number) value).longValue() <= most) {
      return ((Number) value).longValue();
    }
    wrong(name, value, "a whole number " + least + ".." + most);
    return otherwise;
  }

  /// A number with three decimal places at most, in thousandths, as are its bounds.
  long thousandths(String name, long otherwise, long least, long most) {
    Object value = take(name);
    if (value == null) {
      return otherwise;
    }
    double thousandths = value instanceof Number number ? number.doubleValue() * 1_000 : Double.NaN;
    long whole = Math.round(thousandths);
    if (Math.abs(thousandths - whole) < 1e-6 && whole >= least && whole <= most) {
      return whole;
    }
    wrong(name, value, "a number " + least / 1_000.0 + ".." + most / 1_000.0 + " of thousandths");
    return otherwise;
  }

  /// A duration such as `500ms`, `2s`, `1m`, or a number of milliseconds; empty if absent.
  Optional<Long> millis(String name, long least, long most) {
    Object value = take(name);
    if (value == null) {
      return Optional.empty();
    }
    long millis = value instanceof Integer number ? number : -1;
    if (value instanceof String text) {
      Matcher form = DURATION.matcher(text);
      if (form.matches()) {
        long unit = form.group(2).equals("ms") ? 1 : form.group(2).equals("s") ? 1_000 : 60_000;
        millis = Long.parseLong(form.group(1)) * unit;
      }
    }
    if (millis < least || millis > most) {
      wrong(name, value, "a duration such as 500ms, " + least + "ms.." + most + "ms");
      return Optional.empty();
    }
    return Optional.of(millis);
  }

  /// A truth value.
  boolean flag(String name, boolean otherwise) {
    Object value = take(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    wrong(name, value, "true or false");
    return otherwise;
  }

  /// A list of texts; empty if absent.
  List<String> texts(String name, int most, Predicate<String> good, String expected) {
    Object value = take(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof JsonArray items) || items.size() > most) {
      wrong(name, value, "a list of at most " + most);
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (items.getValue(i) instanceof String text && good.test(text)) {
        texts.add(text);
      } else {
        wrong(name + "/" + i, items.getValue(i), expected);
      }
    }
    return texts;
  }

  /// An object within; an empty one if absent. Its mistakes are told with this reader's.
  BodyReader within(String name) {
    Object value = take(name);
    if (value != null && !(value instanceof JsonObject)) {
      wrong(name, value, "an object");
    }
    JsonObject inner = value instanceof JsonObject object ? object : new JsonObject();
    BodyReader reader = new BodyReader(inner, base + "/" + name, errors);
    within.put(name, reader);
    return reader;
  }

  /// Whether there is such a member; does not count as asking for it.
  boolean has(String name) {
    return body.containsKey(name);
  }

  /// The members that nobody asked for so far, also those of objects within, as JSON text; they
  /// count as asked for now. Empty if there are none.
  String rest() {
    JsonObject rest = left();
    return rest.isEmpty() ? "" : rest.encode();
  }

  private JsonObject left() {
    JsonObject left = new JsonObject();
    for (String name : body.fieldNames()) {
      BodyReader inner = within.get(name);
      JsonObject below = inner == null ? new JsonObject() : inner.left();
      if (!below.isEmpty()) {
        left.put(name, below);
      } else if (asked.add(name)) {
        left.put(name, body.getValue(name));
      }
    }
    return left;
  }

  /// Records a mistake found in [#rest].
  void fault(String pointer, String detail) {
    errors.add(new Problem.FieldError(base + pointer, detail));
  }

  /// Records a mistake found outside.
  void add(String name, String detail) {
    errors.add(new Problem.FieldError(base + "/" + name, detail));
  }

  /// Notes every member that was not asked for.
  void closed() {
    for (String name : body.fieldNames()) {
      if (!asked.contains(name)) {
        add(
            name.replace("~", "~0").replace("/", "~1"),
            "unknown member (expected: " + String.join(", ", asked) + ")");
      }
    }
  }

  /// Throws what was found, if anything.
  void done() {
    closed();
    if (!errors.isEmpty()) {
      throw new Problem.Found(Problem.body(errors));
    }
  }

  private @Nullable Object take(String name) {
    asked.add(name);
    return body.getValue(name);
  }

  private void wrong(String name, @Nullable Object value, String wanted) {
    String shown = String.valueOf(value);
    shown = shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
    add(name, name + ": " + shown + " (expected: " + wanted + ")");
  }
}
