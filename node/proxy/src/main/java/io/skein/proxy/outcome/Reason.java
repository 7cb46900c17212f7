package io.skein.proxy.outcome;

import io.skein.routing.candidate.Decision;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Why the proxy itself answered, or how an answer came about: the token of headers, metrics and
/// access log.
public enum Reason {
  /// The first endpoint's answer was passed on.
  OK(0, "SK3000", "OK"),
  /// Another endpoint's answer was passed on after a first try failed.
  RETRY_OK(0, "SK3000", "OK"),
  /// The answer of a second try beside the first was passed on.
  HEDGE_OK(0, "SK3000", "OK"),
  /// A rule of the mesh answered, without any endpoint.
  RULE(0, "SK3000", "OK"),
  /// A browser asked for leave (CORS), and was answered without any endpoint.
  PREFLIGHT(0, "SK3000", "OK"),
  BAD_REQUEST(400, "SK3001", "The request is not well-formed HTTP/1.1"),
  BAD_HOST(400, "SK3002", "Exactly one valid Host is needed"),
  BAD_BODY(400, "SK3003", "The request's body is not well-formed"),
  NO_SERVICE(404, "SK3004", "No service answers to this host and path"),
  METHOD_REFUSED(405, "SK3005", "This method is not proxied"),
  CLIENT_TIMEOUT(408, "SK3006", "The request did not arrive in time"),
  CLIENT_SLOW(408, "SK3013", "The request came too slowly"),
  BODY_TOO_LARGE(413, "SK3011", "The request's body is too long"),
  URI_TOO_LONG(414, "SK3007", "The request line is too long"),
  HEADERS_TOO_LARGE(431, "SK3008", "The header fields are too large"),
  UPGRADE_UNSUPPORTED(501, "SK3009", "Protocol upgrades are not proxied"),
  VERSION_UNSUPPORTED(505, "SK3010", "Only HTTP/1.0 and HTTP/1.1 are spoken here"),
  CONNECT_FAILED(502, "SK3020", "The endpoint cannot be connected"),
  UPSTREAM_RESET(502, "SK3021", "The endpoint broke the connection"),
  UPSTREAM_MALFORMED(502, "SK3022", "The endpoint's answer is not well-formed HTTP/1.1"),
  RATE_LIMITED(429, "SK3012", "Too many requests"),
  NO_ENDPOINT(503, "SK3030", "The service has no endpoint"),
  ALL_SET_ASIDE(503, "SK3031", "Every endpoint of the service is set aside"),
  ALL_TRIED(503, "SK3032", "Every usable endpoint of the service was tried"),
  UPSTREAM_FULL(503, "SK3033", "Too many connections to the endpoint"),
  /// The service has as many requests in flight as it can serve.
  SHED(503, "SK3034", "The service has too much to do"),
  /// This node is short of memory, time or connections.
  OVERLOADED(503, "SK3035", "This node has too much to do"),
  BREAKER_OPEN(503, "SK3036", "Every endpoint of the service fails, and is left alone for a while"),
  ENDPOINTS_FULL(503, "SK3037", "Every endpoint of the service has as many requests as it may"),
  /// The service has as many relayed connections as it may, or as one address may have.
  RELAYS_FULL(503, "SK3038", "The service has as many lasting connections as it may"),
  UPSTREAM_TIMEOUT(504, "SK3040", "The endpoint did not answer in time"),
  TOTAL_TIMEOUT(504, "SK3041", "The request took longer than it may in all"),
  /// The client left before its answer was complete.
  CLIENT_GONE(499, "SK3050", "The client left"),
  /// A relayed connection on which nothing moved.
  IDLE(0, "SK3060", "Neither side sent anything for too long"),
  /// A relayed connection that lasted as long as its service lets it.
  EXPIRED(0, "SK3063", "The connection lasted as long as it may"),
  /// A relayed connection that outlived the node's drain.
  CUT(0, "SK3061", "The node stopped before the connection ended"),
  /// No TLS, no name, a malformed or missing PROXY header, or not in time.
  BAD_OPENING(0, "SK3062", "The connection did not open as its listener expects");

  private final int status;
  private final String code;
  private final int number;
  private final String title;
  private final String token;

  Reason(int status, String code, String title) {
    this.status = status;
    this.code = code;
    this.title = title;
    this.number = Integer.parseInt(code.substring(2));
    this.token = name().toLowerCase(Locale.ROOT);
  }

  /// Why a request is refused for which no candidate was chosen.
  public static Reason of(Decision.NoneAvailable none) {
    return switch (none) {
      case NO_ENDPOINT -> NO_ENDPOINT;
      case ALL_SET_ASIDE -> ALL_SET_ASIDE;
      case ALL_TRIED -> ALL_TRIED;
      case BREAKER_OPEN -> BREAKER_OPEN;
      case FULL -> ENDPOINTS_FULL;
    };
  }

  /// The reason with that token.
  public static Optional<Reason> named(String token) {
    return Arrays.stream(values()).filter(each -> each.token.equals(token)).findFirst();
  }

  /// Status of the proxy's own answer; 0 if the endpoint's is passed on; 499 is never sent.
  public int status() {
    return status;
  }

  /// Stable code, documented under `/problems/{code}`.
  public String code() {
    return code;
  }

  /// The number in the code.
  public int number() {
    return number;
  }

  /// What went wrong, for people.
  public String title() {
    return title;
  }

  /// Header-safe name, as in `upstream_reset`.
  public String token() {
    return token;
  }
}
