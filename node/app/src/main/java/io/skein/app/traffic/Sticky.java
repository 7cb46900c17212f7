package io.skein.app.traffic;

import java.time.Duration;
import java.util.Locale;

/// Section `sticky`: clients stay with an endpoint.
///
/// @param by by what a client is known
/// @param name of the cookie or the header field; empty: `skein-` and the service's name
/// @param maxAge how long a browser keeps the cookie; zero: as long as it is open
public record Sticky(By by, String name, Duration maxAge) {
  /// Nobody stays.
  public static final Sticky NONE = new Sticky(By.NOTHING, "", Duration.ZERO);

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
