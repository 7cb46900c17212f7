package io.skein.app.config;

import io.skein.ledger.record.ServiceChange.PutEndpoint;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// One of a service's `endpoints`.
///
/// @param name unique within the service
/// @param url `scheme://host:port`, the scheme http, https, h2c (HTTP/2 without TLS), tcp or tls
/// @param owner who reaches it
/// @param region where it stands; default: the node's own
/// @param weight capacity relative to the service's other endpoints, 1 to 1000
/// @param price what a request costs there relative to the service's other endpoints, 0.01 to 100,
///   in thousandths
public record EndpointConfig(
    String name, URI url, Owner owner, String region, int weight, int priceMilli) {
  static final int MAX_WEIGHT = 1_000;
  private static final List<String> SCHEMES = List.of("http", "https", "h2c", "tcp", "tls");

  /// Who reaches an endpoint.
  public enum Owner {
    /// Only this node; the others forward to it.
    SELF,
    /// Every node of the endpoint's region.
    REGION;

    /// The name in configuration: `self`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public EndpointConfig {
    Limits.catalogueName(name);
    Limits.catalogueName(region);
    Limits.integer(weight, 1, MAX_WEIGHT);
    Limits.integer(priceMilli, PutEndpoint.LEAST_PRICE, PutEndpoint.MOST_PRICE);
    url = parseUrl(url.toString());
  }

  /// The URL of an endpoint, with its port.
  ///
  /// @throws ConfigMistake if it is not `http://HOST[:PORT]` or the like with another known scheme
  static URI parseUrl(String text) {
    int end = text.indexOf("://");
    String scheme = end < 0 ? "" : text.substring(0, end).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      String why =
          scheme.isEmpty() ? "it has no scheme" : "scheme '" + scheme + "' is not supported";
      throw bad(text, why);
    }
    String rest = text.substring(end + 3);
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    if (rest.isEmpty()
        || rest.indexOf('/') >= 0
        || rest.indexOf('?') >= 0
        || rest.indexOf('#') >= 0) {
      throw bad(
          text, rest.isEmpty() ? "the host is missing" : "paths and queries are not supported");
    }
    if (rest.indexOf('@') >= 0) {
      throw bad(text, "user names are not supported");
    }
    boolean hasPort = rest.lastIndexOf(':') > rest.lastIndexOf(']');
    HostPort address;
    try {
      address = HostPort.parse(hasPort ? rest : rest + usualPort(scheme));
    } catch (ConfigMistake mistake) {
      throw bad(text, "its address is wrong");
    }
    if (address.port() == 0 || address.isWildcard()) {
      throw bad(text, "nothing can be reached at " + address);
    }
    try {
      return URI.create(scheme + "://" + address);
    } catch (IllegalArgumentException e) {
      throw bad(text, "its address is wrong");
    }
  }

  private static String usualPort(String scheme) {
    return switch (scheme) {
      case "http", "h2c" -> ":80";
      case "https" -> ":443";
      default -> "";
    };
  }

  private static ConfigMistake bad(String text, String why) {
    return new ConfigMistake(
        ConfigCode.BAD_URL,
        "'"
            + text
            + "' is not an endpoint's URL: "
            + why
            + "; expected http://HOST:PORT, or https, h2c, tcp or tls");
  }
}
