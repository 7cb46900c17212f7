package io.skein.proxy.discovery;

import java.util.Locale;
import java.util.regex.Pattern;

/// What is asked of DNS.
///
/// @param kind which records
/// @param name a domain name in lower case, without a final dot
/// @param port of every endpoint found, 1 to 65,535; SRV records bring their own
public record DnsQuery(Kind kind, String name, int port) {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");
  private static final int MAX_NAME = 253;

  /// Which records are asked for.
  public enum Kind {
    /// A and AAAA: each address is an endpoint.
    ADDRESS,
    /// SRV (RFC 2782): each address of each target is an endpoint, of those targets that have the
    /// lowest priority.
    SRV;

    /// The name in configuration: `srv`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DnsQuery {
    requireName(name);
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
    }
  }

  /// @throws IllegalArgumentException if it is no domain name in lower case
  public static String requireName(String name) {
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no domain name in lower case");
    }
    return name;
  }
}
