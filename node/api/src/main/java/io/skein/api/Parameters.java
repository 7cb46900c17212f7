package io.skein.api;

import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads parameters of path and query; refuses what is out of form or range.
final class Parameters {
  /// What names of services, endpoints, routes and the like are made of.
  static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /// The same in words.
  static final String NAME_FORM = "1..63 of a-z, 0-9 and dash, no dash at either end";

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");
  private static final int MAX_TEXT = 600;

  /// How a moment is written.
  static final String MOMENT = "RFC 3339 such as 2026-07-01T12:00:00Z, or an age such as 10m";

  private Parameters() {}

  /// A part of the path, percent-decoded.
  static String path(RoutingContext context, String name) {
    String value = context.pathParam(name);
    if (value == null || value.isEmpty() || value.length() > MAX_TEXT) {
      throw invalid(name, value == null ? "" : value.length() + " characters", "1..600 characters");
    }
    return value;
  }

  /// A part of the path that is such a name.
  static String name(RoutingContext context, String name) {
    String value = path(context, name);
    if (!NAME.matcher(value).matches()) {
      throw invalid(name, value, NAME_FORM);
    }
    return value;
  }

  /// A part of the path that is a record's hash.
  static String hash(RoutingContext context, String name) {
    String value = path(context, name);
    if (!HASH.matcher(value).matches()) {
      throw invalid(name, value, "64 lower-case hexadecimal digits");
    }
    return value;
  }

  /// A part of the path that is an unsigned decimal.
  static long unsigned(RoutingContext context, String name) {
    String value = path(context, name);
    try {
      return Long.parseUnsignedLong(value);
    } catch (NumberFormatException e) {
      throw invalid(name, value, "an unsigned decimal");
    }
  }

  /// A query parameter that must be given.
  static String required(RoutingContext context, String name) {
    return query(context, name)
        .filter(text -> !text.isEmpty() && text.length() <= MAX_TEXT)
        .orElseThrow(() -> invalid(name, query(context, name).orElse("none"), "1..600 characters"));
  }

  /// A query parameter that must be given and be a record's hash.
  static String requiredHash(RoutingContext context, String name) {
    String value = required(context, name);
    if (!HASH.matcher(value).matches()) {
      throw invalid(name, value, "64 lower-case hexadecimal digits");
    }
    return value;
  }

  /// A query parameter that must be given and be an unsigned decimal.
  static long requiredUnsigned(RoutingContext context, String name) {
    String value = required(context, name);
    try {
      return Long.parseUnsignedLong(value);
    } catch (NumberFormatException e) {
      throw invalid(name, value, "an unsigned decimal");
    }
  }

  /// A query parameter, if given.
  static Optional<String> query(RoutingContext context, String name) {
    return Optional.ofNullable(context.queryParams().get(name));
  }

  /// A numeric query parameter.
  static long number(RoutingContext context, String name, long otherwise, long least, long most) {
    return query(context, name).map(text -> number(name, text, least, most)).orElse(otherwise);
  }

  /// A duration such as `500ms`, `5s`, `10m`, `2h`, `1d`.
  static Optional<Duration> duration(
      RoutingContext context, String name, Duration least, Duration most) {
    return query(context, name)
        .map(text ->
            age(text)
                .filter(given -> given.compareTo(least) >= 0 && given.compareTo(most) <= 0)
                .orElseThrow(() -> invalid(name, text, form(least) + " to " + form(most))));
  }

  /// A moment: RFC 3339, or an age such as `10m`.
  static Optional<Instant> moment(String text, Instant now) {
    Optional<Duration> age = age(text);
    if (age.isPresent()) {
      return age.map(now::minus);
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// A moment as a query parameter.
  static Optional<Instant> moment(RoutingContext context, String name, Instant now) {
    return query(context, name)
        .map(text -> moment(text, now).orElseThrow(() -> invalid(name, text, MOMENT)));
  }

  private static Optional<Duration> age(String text) {
    Matcher form = AGE.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(form.group(1));
    return Optional.of(
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }

  private static String form(Duration time) {
    return time.toMillis() % 1_000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }

  /// The text form of a place in a list, for `cursor`.
  static String cursor(long at) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("seq:" + at).getBytes(StandardCharsets.US_ASCII));
  }

  /// The place that a `cursor` names.
  static Optional<Long> cursor(RoutingContext context) {
    return query(context, "cursor").map(Parameters::place);
  }

  private static long place(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);
      if (text.startsWith("seq:")) {
        return number("cursor", text.substring(4), 1, Long.MAX_VALUE);
      }
    } catch (IllegalArgumentException e) {
      // told below, as any other text that is not a cursor
    }
    throw invalid("cursor", cursor, "a value of 'next' in an earlier answer");
  }

  private static long number(String name, String text, long least, long most) {
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, as a number out of range
    }
    throw invalid(name, text, least + ".." + most);
  }

  static Problem.Found invalid(String name, String value, String expected) {
    return ProblemCode.INVALID_PARAMETER.found(
        400, name + ": " + value + " (expected: " + expected + ")");
  }
}
