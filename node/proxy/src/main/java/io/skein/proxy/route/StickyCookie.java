package io.skein.proxy.route;

/// What the cookie looks like that keeps a client with its endpoint (RFC 6265). Its value is
/// [StickyKeys]'. Immutable; any thread.
///
/// @param service whose endpoints it is for
/// @param name of the cookie
/// @param path where browsers send it
/// @param maxAgeSeconds how long a browser keeps it; 0: as long as it is open
/// @param sameSite when browsers send it along from other sites
/// @param secure whether it is only for TLS even if the client came without, as behind another
///   proxy; over TLS it always is
/// @param httpOnly whether scripts cannot see it
/// @param passedOn whether endpoints see it
/// @param keys by which it is signed
public record StickyCookie(
    String service,
    String name,
    String path,
    long maxAgeSeconds,
    SameSite sameSite,
    boolean secure,
    boolean httpOnly,
    boolean passedOn,
    StickyKeys keys) {
  /// Digits of its value.
  public static final int DIGITS = 40;

  /// The attribute of that name.
  public enum SameSite {
    STRICT("Strict"),
    LAX("Lax"),
    NONE("None");

    private final String text;

    SameSite(String text) {
      this.text = text;
    }

    /// As in a cookie.
    public String text() {
      return text;
    }
  }

  /// The field's value that sets it.
  ///
  /// @param endpoint where the client is
  /// @param tls whether the client speaks TLS
  public String set(String endpoint, boolean tls) {
    StringBuilder cookie = new StringBuilder(128);
    cookie.append(name).append('=').append(keys.text(service, endpoint));
    cookie.append("; Path=").append(path);
    if (httpOnly) {
      cookie.append("; HttpOnly");
    }
    cookie.append("; SameSite=").append(sameSite.text());
    if (tls || secure) {
      cookie.append("; Secure");
    }
    if (maxAgeSeconds > 0) {
      cookie.append("; Max-Age=").append(maxAgeSeconds);
    }
    return cookie.toString();
  }
}
