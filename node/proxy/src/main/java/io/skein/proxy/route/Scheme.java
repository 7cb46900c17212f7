package io.skein.proxy.route;

import java.util.Locale;
import java.util.Optional;

/// What is spoken to an endpoint: the scheme of its URL.
public enum Scheme {
  /// HTTP/1.1 in the clear.
  HTTP(80, false),
  /// HTTP within TLS, the version as negotiated.
  HTTPS(443, true),
  /// HTTP/2 in the clear, with prior knowledge.
  H2C(80, false),
  /// Bytes.
  TCP(0, false),
  /// Bytes within TLS.
  TLS(0, true);

  private final int defaultPort;
  private final boolean secure;

  Scheme(int defaultPort, boolean secure) {
    this.defaultPort = defaultPort;
    this.secure = secure;
  }

  /// The port if the URL has none; 0 if it must have one.
  public int defaultPort() {
    return defaultPort;
  }

  /// Whether TLS is spoken.
  public boolean secure() {
    return secure;
  }

  /// As in URLs: `https`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The scheme of that name, in any case.
  public static Optional<Scheme> find(String word) {
    for (Scheme each : values()) {
      if (each.word().equalsIgnoreCase(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
