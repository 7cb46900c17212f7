package io.skein.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Keeps browsers from being turned against the node: no foreign Host (DNS rebinding), no change
/// asked for by a page of another origin, nothing loaded from elsewhere. There is no CORS.
final class Guard {
  private static final Pattern IP_LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?");

  private final Set<String> names = new HashSet<>();
  private final boolean any;

  Guard(ApiConfig config) {
    names.add("localhost");
    names.add(config.host().toLowerCase(Locale.ROOT));
    for (String name : config.allowedHosts()) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
    any = names.contains("*");
  }

  /// Refuses or passes on.
  void handle(RoutingContext context) {
    headers(context.response());
    HttpServerRequest request = context.request();
    HostAndPort authority = request.authority();
    if (authority == null || !allowed(authority.host().toLowerCase(Locale.ROOT))) {
      throw ProblemCode.MISDIRECTED_HOST.found(
          421, "Host: " + (authority == null ? "none" : authority) + " is not answered here");
    }
    if (!reads(request.method())) {
      sameOrigin(request, authority);
    }
    context.next();
  }

  static boolean reads(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private boolean allowed(String host) {
    return any || names.contains(host) || IP_LITERAL.matcher(host).matches();
  }

  private static void sameOrigin(HttpServerRequest request, HostAndPort authority) {
    String origin = request.getHeader("Origin");
    String site = request.getHeader("Sec-Fetch-Site");
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    if (foreign || (origin != null && !same(origin, authority))) {
      throw ProblemCode.CROSS_ORIGIN.found(403, "Origin: " + origin + " may not change anything");
    }
  }

  private static boolean same(String origin, HostAndPort authority) {
    try {
      String own = URI.create(origin).getRawAuthority();
      return own != null && own.equalsIgnoreCase(authority.toString());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void headers(HttpServerResponse response) {
    response
        .putHeader(
            "Content-Security-Policy",
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
  }
}
