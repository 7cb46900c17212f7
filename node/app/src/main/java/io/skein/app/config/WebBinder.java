package io.skein.app.config;

import io.skein.proxy.web.Compression;
import io.skein.proxy.web.Cors;
import io.skein.proxy.web.Web;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Binds what is done for browsers: `cors` and `compression` of a service's traffic document, and
/// of a route's, where they stand in place of the service's as a whole.
final class WebBinder {
  private static final Duration USUAL_AGE = Duration.ofMinutes(10);
  private static final Duration MOST_AGE = Duration.ofDays(1);
  private static final long MOST_LEAST = 1 << 24;

  /// What is compressed unless somebody names types: text, and what is written like text.
  static final List<String> USUAL_TYPES =
      List.of(
          "text/html",
          "text/css",
          "text/plain",
          "text/xml",
          "text/javascript",
          "text/csv",
          "text/markdown",
          "application/javascript",
          "application/json",
          "application/ld+json",
          "application/manifest+json",
          "application/problem+json",
          "application/xml",
          "application/rss+xml",
          "application/atom+xml",
          "application/xhtml+xml",
          "application/wasm",
          "image/svg+xml");

  private static final ValueType<String> ORIGIN =
      ValueType.text(text -> {
        try {
          Cors.checkOrigin(text);
        } catch (IllegalArgumentException e) {
          throw new ConfigMistake(ConfigCode.BAD_NAME, String.valueOf(e.getMessage()));
        }
        return text;
      });
  private static final ValueType<String> METHOD = token("[A-Z]{1,20}", "a method such as PUT");
  private static final ValueType<String> HEADER =
      token("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}", "the name of a header field, or *");
  private static final ValueType<String> TYPE =
      token("[a-z0-9!#$&^_.+-]{1,64}/([a-z0-9!#$&^_.+-]{1,64}|\\*)", "text/html or text/*");

  private WebBinder() {}

  /// Of a service.
  static Web service(Section service) {
    return new Web(
        service.section("cors", section -> cors(section, false)),
        service.section("compression", section -> compression(section, false)));
  }

  /// Of a route.
  static Web.Change route(Section route) {
    return new Web.Change(
        route.optionalSection("cors", section -> cors(section, true)),
        route.optionalSection("compression", section -> compression(section, true)));
  }

  private static Cors cors(Section section, boolean route) {
    Optional<Boolean> enabled = section.optional("enabled", ValueType.SWITCH);
    List<String> origins = section.values("origins", ORIGIN, Cors.MOST);
    List<String> methods = section.values("methods", METHOD, Cors.MOST);
    List<String> headers = section.values("headers", HEADER, Cors.MOST);
    List<String> exposed = section.values("expose", HEADER, Cors.MOST);
    boolean credentials = section.value("credentials", ValueType.SWITCH, false);
    Duration age = section.value("max-age", ValueType.duration(Duration.ZERO, MOST_AGE), USUAL_AGE);
    return section.build(
        () -> {
          boolean off = enabled.isPresent() && !enabled.get();
          if (origins.isEmpty() && !off && (route || enabled.isPresent()) && !section.listing()) {
            throw new ConfigMistake(
                ConfigCode.MISSING_KEY, "nobody may; expected origins, or enabled: false");
          }
          Cors cors =
              new Cors(origins, methods, headers, exposed, credentials, (int) age.toSeconds());
          return off || origins.isEmpty() ? Cors.OFF : cors;
        },
        () -> Cors.OFF);
  }

  private static Compression compression(Section section, boolean route) {
    boolean enabled =
        route
            ? section.required("enabled", ValueType.SWITCH, false)
            : section.value("enabled", ValueType.SWITCH, false);
    List<String> types = section.values("types", TYPE, Compression.MOST);
    int least =
        (int)
            (long)
                section.value(
                    "least-size",
                    ValueType.bytes(0, MOST_LEAST),
                    (long) Compression.OFF.leastBytes());
    int level = section.value("level", ValueType.integer(1, 9), Compression.OFF.level());
    return enabled
        ? new Compression(types.isEmpty() ? USUAL_TYPES : types, least, level)
        : Compression.OFF;
  }

  private static ValueType<String> token(String form, String expected) {
    return ValueType.text(text -> {
      if (!text.matches(form)) {
        throw new ConfigMistake(
            ConfigCode.BAD_NAME, "'" + text + "' is not what it must be; expected " + expected);
      }
      return text;
    });
  }
}
