package io.skein.proxy.web;

import java.util.List;
import java.util.Locale;

/// Which of a service's answers go out compressed by gzip (RFC 1952, RFC 9110 §8.4.1.3). Immutable:
/// any thread.
///
/// Who compresses answers that hold a secret beside something a stranger chose, over TLS, lets the
/// stranger guess the secret by the answers' length (BREACH, Gluck et al. 2013). Nothing here can
/// tell such answers apart: leave them out by route, or mask the secret in the endpoint.
///
/// @param types media types in lower case, `text/*` for all of a kind; at most [#MOST]; none: off
/// @param leastBytes shorter answers pass as they are; those of unknown length do not count as
///   short
/// @param level 1 (fast) to 9 (small). Each step up costs processor time on the event loop: from 1
///   to 6 about three times as much, for a tenth to a fifth fewer bytes of text
public record Compression(List<String> types, int leastBytes, int level) {
  /// Most media types.
  public static final int MOST = 64;

  /// Nothing is compressed.
  public static final Compression OFF = new Compression(List.of(), 1_024, 4);

  public Compression {
    types = types.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    for (String type : types) {
      if (!type.matches("[a-z0-9!#$&^_.+-]+/([a-z0-9!#$&^_.+-]+|\\*)")) {
        throw new IllegalArgumentException(
            "'" + type + "' is no media type; expected text/html or text/*");
      }
    }
    if (level < 1 || level > 9) {
      throw new IllegalArgumentException("level: " + level + " (expected: 1..9)");
    }
    if (leastBytes < 0) {
      throw new IllegalArgumentException("leastBytes: " + leastBytes + " (expected: >= 0)");
    }
  }

  /// Whether anything is compressed.
  public boolean on() {
    return !types.isEmpty();
  }

  /// Whether answers of that type are.
  ///
  /// @param contentType value of Content-Type, with parameters or without
  public boolean suits(CharSequence contentType) {
    int end = 0;
    while (end < contentType.length() && contentType.charAt(end) != ';') {
      end++;
    }
    while (end > 0 && (contentType.charAt(end - 1) == ' ' || contentType.charAt(end - 1) == '\t')) {
      end--;
    }
    for (int i = 0; i < types.size(); i++) {
      String type = types.get(i);
      boolean all = type.endsWith("/*");
      int length = all ? type.length() - 1 : type.length();
      if ((all ? end > length : end == length) && begins(contentType, type, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean begins(CharSequence text, String lower, int length) {
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Whether who sends this wants gzip rather than nothing (RFC 9110 §12.5.3): it is named, or `*`
  /// is, with a quality above 0 and not below that of `identity`. A quality that is none is 0.
  ///
  /// @param acceptEncoding all its values as one list; empty if there is none
  public static boolean wantsGzip(String acceptEncoding) {
    int gzip = -1;
    int identity = -1;
    int star = -1;
    int at = 0;
    while (at < acceptEncoding.length()) {
      int comma = acceptEncoding.indexOf(',', at);
      int end = comma < 0 ? acceptEncoding.length() : comma;
      int semicolon = acceptEncoding.indexOf(';', at);
      int nameEnd = semicolon >= 0 && semicolon < end ? semicolon : end;
      String name = acceptEncoding.substring(at, nameEnd).strip().toLowerCase(Locale.ROOT);
      int quality = nameEnd == end ? 1_000 : quality(acceptEncoding.substring(nameEnd + 1, end));
      switch (name) {
        case "gzip", "x-gzip" -> gzip = Math.max(gzip, quality);
        case "identity" -> identity = quality;
        case "*" -> star = quality;
        default -> {}
      }
      at = end + 1;
    }
    if (gzip < 0) {
      gzip = star;
    }
    return gzip > 0 && gzip >= identity;
  }

  /// In thousandths.
  private static int quality(String parameter) {
    String text = parameter.strip();
    if (!text.matches("[qQ]\\s*=\\s*(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
      return 0;
    }
    String value = text.substring(text.indexOf('=') + 1).strip();
    return (int) Math.round(Double.parseDouble(value) * 1_000);
  }
}
