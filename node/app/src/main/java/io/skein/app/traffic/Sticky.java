package io.skein.app.traffic;

import io.skein.proxy.route.StickyCookie.SameSite;
import java.time.Duration;
import java.util.Locale;

/// Section `sticky`: clients stay with an endpoint.
///
/// @param by by what a client is known
/// @param name of the cookie or the header field; empty: `skein-` and the service's name
/// @param cookie what it looks like, if it is one
public record Sticky(By by, String name, Cookie cookie) {
  /// Nobody stays.
  public static final Sticky NONE = new Sticky(By.NOTHING, "", Cookie.DEFAULT);

  /// The cookie's attributes.
  ///
  /// @param maxAge how long a browser keeps it; zero: as long as it is open
  /// @param path where browsers send it
  /// @param sameSite when browsers send it along from other sites; `none` needs `secure`
  /// @param secure whether it is only for TLS even if the client came without
  /// @param httpOnly whether scripts cannot see it
  /// @param passOn whether endpoints see it
  public record Cookie(
      Duration maxAge,
      String path,
      SameSite sameSite,
      boolean secure,
      boolean httpOnly,
      boolean passOn) {
    /// For as long as the browser is open, everywhere, lax, hidden from scripts and endpoints.
    public static final Cookie DEFAULT =
        new Cookie(Duration.ZERO, "/", SameSite.LAX, false, true, false);
  }

  /// By what a client is known.
  public enum By {
    NOTHING,
    COOKIE,
    HEADER,
    ADDRESS;

    /// The name in documents: `cookie`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
