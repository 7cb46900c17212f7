package io.skein.ledger.record;

import io.skein.ledger.cbor.CborWriter;
import java.util.regex.Pattern;

/// What constructors of bodies demand of their arguments. All throw IllegalArgumentException.
final class Checks {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern ENDPOINT_NAME = Pattern.compile("[A-Za-z0-9._:-]{1,200}");
  private static final Pattern URL =
      Pattern.compile(
          "(?:https?|h2c|tcp|tls)://(?:\\[[0-9A-Fa-f:.]{2,45}\\]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  private Checks() {}

  static void range(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  static void notNegative(String name, long value) {
    range(name, value, 0, Long.MAX_VALUE);
  }

  static void length(String name, byte[] value, int bytes) {
    if (value.length != bytes) {
      throw new IllegalArgumentException(
          name + ": " + value.length + " bytes (expected: " + bytes + ")");
    }
  }

  static void text(String name, String value) {
    int bytes = CborWriter.utf8(value).length;
    if (bytes > Body.MAX_TEXT) {
      throw new IllegalArgumentException(
          name + ": " + bytes + " bytes of UTF-8 (expected: at most " + Body.MAX_TEXT + ")");
    }
  }

  static void named(String name, String value) {
    text(name, value);
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + ": blank (expected: some text)");
    }
  }

  static void label(String name, String value) {
    if (!LABEL.matcher(value).matches()) {
      throw new IllegalArgumentException(name + ": not 1 to 63 characters of a-z, 0-9 and dash");
    }
  }

  static void path(String name, String value) {
    text(name, value);
    if (!value.startsWith("/")) {
      throw new IllegalArgumentException(name + ": does not start with / (expected: a path)");
    }
  }

  static void document(String name, String value) {
    int bytes = CborWriter.utf8(value).length;
    if (bytes > ServiceChange.MAX_DOCUMENT) {
      throw new IllegalArgumentException(
          name
              + ": "
              + bytes
              + " bytes of UTF-8 (expected: at most "
              + ServiceChange.MAX_DOCUMENT
              + ")");
    }
  }

  static void endpoint(String service, String endpoint) {
    label("service", service);
    text("endpoint", endpoint);
    if (!endpoint.startsWith(service + "/")
        || !ENDPOINT_NAME.matcher(endpoint.substring(service.length() + 1)).matches()) {
      throw new IllegalArgumentException(
          "endpoint: not the service, a slash and a name of letters, digits, dot, colon, dash and"
              + " underscore");
    }
  }

  static void url(String value) {
    text("url", value);
    var match = URL.matcher(value);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "url: not of the form http://host:port, https://, h2c://, tcp:// or tls://");
    }
    range("port of url", Integer.parseInt(match.group(1)), 1, MAX_PORT);
  }
}
