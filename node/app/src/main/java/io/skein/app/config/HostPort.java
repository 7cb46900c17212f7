package io.skein.app.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/// An address as configured. Nothing is resolved when it is parsed.
///
/// @param host a host name, an IPv4 address, or an IPv6 address without brackets
/// @param port 0 to 65535; 0 lets the system choose
public record HostPort(String host, int port) {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int MAX_HOST = 253;
  private static final int MAX_PORT = 65_535;

  /// @throws ConfigMistake if host or port is impossible
  public HostPort {
    if (port < 0 || port > MAX_PORT) {
      throw bad(host + ":" + port, "the port must be 0 to 65535");
    }
    if (!validHost(host)) {
      throw bad(host + ":" + port, "'" + host + "' is no host name or IP address");
    }
  }

  /// Parses `HOST:PORT`, IPv6 hosts in brackets.
  ///
  /// @throws ConfigMistake if it is anything else
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw bad(text, "the port is missing");
    }
    String host = text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        throw bad(text, "brackets are for IPv6 addresses");
      }
    } else if (host.indexOf(':') >= 0) {
      throw bad(text, "an IPv6 address needs brackets, as in [::1]:7800");
    }
    if (host.isEmpty()) {
      throw bad(text, "the host is missing; 0.0.0.0 means every address");
    }
    if (!PORT.matcher(port).matches() || Integer.parseInt(port) > MAX_PORT) {
      throw bad(text, "the port must be 0 to 65535");
    }
    if (!validHost(host)) {
      throw bad(text, "'" + host + "' is no host name or IP address");
    }
    return new HostPort(host, Integer.parseInt(port));
  }

  /// True for 0.0.0.0 and ::, which stand for every address of the machine.
  public boolean isWildcard() {
    return isLiteral() && InetAddress.ofLiteral(host).isAnyLocalAddress();
  }

  /// True if only this machine can reach it: 127.0.0.0/8, ::1, `localhost`.
  public boolean isLoopback() {
    return host.toLowerCase(Locale.ROOT).equals("localhost")
        || (isLiteral() && InetAddress.ofLiteral(host).isLoopbackAddress());
  }

  /// The same host with another port.
  public HostPort withPort(int newPort) {
    return new HostPort(host, newPort);
  }

  /// The address to bind or connect to. Resolves the host: may block on DNS.
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  /// True if both cannot be bound at once: one port, and one host or a wildcard.
  boolean overlaps(HostPort other) {
    return port != 0
        && port == other.port
        && (isWildcard() || other.isWildcard() || host.equalsIgnoreCase(other.host));
  }

  private boolean isLiteral() {
    return host.indexOf(':') >= 0 || DIGITS_AND_DOTS.matcher(host).matches();
  }

  static boolean validHost(String host) {
    if (host.isEmpty() || host.length() > MAX_HOST) {
      return false;
    }
    if (host.indexOf(':') >= 0 || DIGITS_AND_DOTS.matcher(host).matches()) {
      try {
        // The JDK also takes "127.1" and plain numbers, which mean different hosts elsewhere.
        boolean fourParts = host.chars().filter(c -> c == '.').count() == 3;
        return (host.indexOf(':') >= 0 || fourParts) && InetAddress.ofLiteral(host) != null;
      } catch (IllegalArgumentException _) {
        return false;
      }
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    for (String label : name.split("\\.", -1)) {
      if (!NAME.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }

  private static ConfigMistake bad(String text, String why) {
    return new ConfigMistake(
        ConfigCode.BAD_ADDRESS,
        "'" + text + "' is not an address: " + why + "; expected HOST:PORT");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
