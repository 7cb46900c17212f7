package io.skein.proxy.web;

import java.util.List;
import java.util.Locale;

/// Which pages of other origins may read a service's answers (Fetch standard, "CORS protocol").
/// Immutable: any thread.
///
/// An origin is `https://shop.example`, with its port if that is not the scheme's own;
/// `https://*.shop.example` stands for every name below, however deep, but not for `shop.example`;
/// `*` stands for all. Origins are compared as browsers write them, which is in lower case and
/// without the scheme's own port; `null`, the origin of sandboxed pages and files, is only ever
/// covered by `*`.
///
/// @param origins at most [#MOST]; none: off
/// @param methods beyond those that need no leave (GET, HEAD, POST); case matters
/// @param headers of requests, beyond those that need no leave, in lower case; `*` for any that are
///   asked for
/// @param exposed fields of answers that pages may read beyond those they may anyway
/// @param credentials whether cookies and the like may come along; never together with the origin
///   `*`, because any page could act for its visitor then
/// @param maxAgeSeconds how long a browser may remember leave; 0 to 86,400
public record Cors(
    List<String> origins,
    List<String> methods,
    List<String> headers,
    List<String> exposed,
    boolean credentials,
    int maxAgeSeconds) {
  /// Most entries of each list.
  public static final int MOST = 64;

  /// Most bytes of a list of names that a preflight may ask for.
  private static final int MOST_ASKED = 1_024;

  /// Nobody may; answers pass as they are.
  public static final Cors OFF = new Cors(List.of(), List.of(), List.of(), List.of(), false, 0);

  public Cors {
    origins = List.copyOf(origins);
    methods = List.copyOf(methods);
    headers = headers.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    exposed = List.copyOf(exposed);
    origins.forEach(Cors::checkOrigin);
    if (credentials && origins.contains("*")) {
      throw new IllegalArgumentException(
          "credentials: true (expected: false where every origin may, or origins by name)");
    }
    if (credentials && exposed.contains("*")) {
      throw new IllegalArgumentException(
          "expose: '*' (expected: names, because with credentials it stands for itself)");
    }
    if (maxAgeSeconds < 0 || maxAgeSeconds > 86_400) {
      throw new IllegalArgumentException(
          "maxAgeSeconds: " + maxAgeSeconds + " (expected: 0..86400)");
    }
  }

  /// Checks how an origin is written.
  ///
  /// @throws IllegalArgumentException if no browser writes it so
  public static void checkOrigin(String origin) {
    if (origin.equals("*")) {
      return;
    }
    int slashes = origin.indexOf("://");
    String scheme = slashes < 0 ? "" : origin.substring(0, slashes);
    String host = slashes < 0 ? "" : origin.substring(slashes + 3);
    String plain = host.startsWith("*.") ? host.substring(2) : host;
    boolean own =
        (scheme.equals("http") && plain.endsWith(":80"))
            || (scheme.equals("https") && plain.endsWith(":443"));
    if (!scheme.matches("[a-z][a-z0-9+.-]*")
        || !plain.matches("([a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?")
        || own) {
      throw new IllegalArgumentException(
          "'"
              + origin
              + "' is no origin; expected https://shop.example, https://*.shop.example or *"
              + ", in lower case, without path and without the scheme's own port");
    }
  }

  /// Whether anybody may.
  public boolean on() {
    return !origins.isEmpty();
  }

  /// Whether every origin may, so that answers are the same for all.
  public boolean open() {
    return origins.contains("*");
  }

  /// Whether pages of that origin may.
  public boolean allows(CharSequence origin) {
    for (int i = 0; i < origins.size(); i++) {
      String each = origins.get(i);
      int star = each.indexOf('*');
      if (star < 0 ? each.contentEquals(origin) : star == 0 || below(each, star, origin)) {
        return true;
      }
    }
    return false;
  }

  private static boolean below(String form, int star, CharSequence origin) {
    int tail = form.length() - star - 1;
    int from = origin.length() - tail;
    // At least one character in the star's place.
    if (from <= star) {
      return false;
    }
    for (int i = 0; i < star; i++) {
      if (origin.charAt(i) != form.charAt(i)) {
        return false;
      }
    }
    for (int i = 0; i < tail; i++) {
      if (origin.charAt(from + i) != form.charAt(star + 1 + i)) {
        return false;
      }
    }
    for (int i = star; i < from; i++) {
      char c = origin.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.')) {
        return false;
      }
    }
    return true;
  }

  /// What `Access-Control-Allow-Methods` says.
  public String methodList() {
    return String.join(", ", methods);
  }

  /// What `Access-Control-Allow-Headers` says to a preflight.
  ///
  /// @param asked what it asks for; empty for nothing
  /// @return empty for nothing
  public String headerList(String asked) {
    if (!headers.contains("*")) {
      return String.join(", ", headers);
    }
    // With credentials a star would stand for itself, so that what is asked for is named.
    return asked.length() <= MOST_ASKED && isList(asked) ? asked : "";
  }

  private static boolean isList(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean token =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~, ".indexOf(c) >= 0;
      if (!token) {
        return false;
      }
    }
    return true;
  }

  /// What `Access-Control-Expose-Headers` says; empty for nothing.
  public String exposedList() {
    return String.join(", ", exposed);
  }
}
