package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.Asked;
import io.skein.proxy.route.TextMatch;
import io.skein.proxy.web.Web;
import org.jspecify.annotations.Nullable;

/// What the proxy needs to know of a request, read once from its head, whatever the version of HTTP
/// that carried it: [Http1RequestReader] fills it in. Reused from request to request.
final class RequestFacts implements Asked {
  /// What may be passed on; framing, connection options, host and the proxy's own fields are not
  /// among it.
  final Fields fields = new Fields();

  HttpMethod method = HttpMethod.GET;
  String scheme = "http";

  /// What the client calls this host, with its port if it named one.
  String host = "";

  /// Path and query, or `*`; as it goes upstream.
  String target = "";

  /// Path and query as the client sent them.
  String asked = "";

  /// What endpoints see as the host instead of the client's word; empty: that.
  String authority = "";

  /// How the body's end is known; `CHUNKED` if its length is not.
  Framing framing = Framing.NONE;

  /// Content-Length; meaningful with framing `LENGTH`.
  String length = "";

  /// Whether the client speaks HTTP/1.0: no 1xx, no chunks.
  boolean http10;

  /// Whether the client's connection may serve another request.
  boolean keepAlive;

  boolean head;
  boolean idempotent;
  boolean expectsContinue;
  boolean takesTrailers;

  /// Whether the head goes upstream without waiting for the body's first piece.
  boolean eager;

  /// Whether it is a call of gRPC, from a client that can be told how it ends.
  boolean grpc;

  /// Whether it asks to switch to WebSocket; it has no body then.
  boolean websocket;

  /// What the endpoint must prove to have read, where this side shakes hands for a client that
  /// speaks WebSocket in HTTP/2; empty otherwise.
  String webSocketKey = "";

  /// Whether fields are there to which ours must be appended.
  boolean forwarded;

  /// The service that a peer named.
  String skeinService = "";

  /// The endpoint that a peer asks for, or that we ask a peer for, because the client stays with
  /// it; empty for none.
  String stayAt = "";

  /// Whether the client asks how its endpoint is chosen.
  boolean debug;

  /// What was left of the total time when a peer sent this, in milliseconds, or what is left when
  /// we send it to one; 0 without a limit.
  long deadlineMillis;

  /// What a peer says about its importance, or what we say to one; empty for nothing.
  String priority = "";

  /// When it may be tried again, in seconds, if it is refused for now; 0 to leave that to the
  /// reason.
  long retryAfterSeconds;

  /// The limit that refuses it, as the value of `RateLimit-Policy`; empty if none does.
  String ratePolicy = "";

  /// The method that rules are asked for in place of its own; empty: its own.
  String ruledMethod = "";

  /// What is done for browsers; of a peer and for a copy: nothing.
  Web web = Web.NONE;

  void clear() {
    web = Web.NONE;
    fields.clear();
    method = HttpMethod.GET;
    host = "";
    target = "";
    asked = "";
    authority = "";
    framing = Framing.NONE;
    length = "";
    http10 = false;
    keepAlive = false;
    head = false;
    idempotent = false;
    expectsContinue = false;
    takesTrailers = false;
    eager = false;
    grpc = false;
    websocket = false;
    webSocketKey = "";
    forwarded = false;
    skeinService = "";
    stayAt = "";
    debug = false;
    deadlineMillis = 0;
    priority = "";
    retryAfterSeconds = 0;
    ratePolicy = "";
  }

  /// The same head once more, for a copy of the request whose body is at hand as a whole.
  RequestFacts copy() {
    RequestFacts copy = new RequestFacts();
    copy.fields.addAll(fields);
    copy.method = method;
    copy.scheme = scheme;
    copy.host = host;
    copy.target = target;
    copy.asked = asked;
    copy.authority = authority;
    copy.framing = framing;
    copy.length = length;
    copy.keepAlive = true;
    copy.head = head;
    copy.idempotent = idempotent;
    copy.forwarded = forwarded;
    return copy;
  }

  /// Takes over what a copy says.
  void take(RequestFacts copy) {
    clear();
    fields.addAll(copy.fields);
    method = copy.method;
    scheme = copy.scheme;
    host = copy.host;
    target = copy.target;
    asked = copy.asked;
    authority = copy.authority;
    framing = copy.framing;
    length = copy.length;
    keepAlive = copy.keepAlive;
    head = copy.head;
    idempotent = copy.idempotent;
    forwarded = copy.forwarded;
  }

  /// Takes one of the proxy's own fields.
  void own(CharSequence name, CharSequence value) {
    switch (lower(name)) {
      case "skein-service" -> skeinService = value.toString();
      case "skein-endpoint" -> stayAt = value.toString();
      case "skein-deadline" -> deadlineMillis = millis(value);
      case "skein-priority" -> priority = value.toString();
      case "skein-debug" -> debug = true;
      default -> {}
    }
  }

  // At most nine digits; anything else is no limit.
  private static long millis(CharSequence value) {
    long millis = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9' || i > 8) {
        return 0;
      }
      millis = 10 * millis + c - '0';
    }
    return value.isEmpty() ? 0 : Math.max(1, millis);
  }

  @Override
  public String method() {
    return ruledMethod.isEmpty() ? method.name() : ruledMethod;
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public boolean anyField(String name, TextMatch match) {
    for (int i = 0; i < fields.count(); i++) {
      if (AsciiString.contentEqualsIgnoreCase(fields.name(i), name)
          && match.matches(fields.value(i))) {
        return true;
      }
    }
    return false;
  }

  /// The Host that an endpoint of `service` sees.
  String hostFor(String service) {
    String said = authority.isEmpty() ? host : authority;
    return said.isEmpty() ? service : said;
  }

  /// Takes the method.
  ///
  /// @return why it is refused, if it is
  @Nullable Reason method(HttpMethod given) {
    method = given;
    head = given.equals(HttpMethod.HEAD);
    idempotent = isIdempotent(given);
    return given.equals(HttpMethod.CONNECT) || given.equals(HttpMethod.TRACE)
        ? Reason.METHOD_REFUSED
        : null;
  }

  /// Whether the text is nothing but what a path or a query may contain (RFC 3986), a little wider.
  static boolean isTarget(CharSequence uri) {
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= 0x20 || c >= 0x7f || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static boolean isIdempotent(HttpMethod method) {
    return method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.DELETE)
        || method.equals(HttpMethod.OPTIONS);
  }

  /// Takes an Expect field: the client waits for leave to send its body.
  ///
  /// @return false if it says anything else, or says so twice: what servers make of that differs
  ///   (RFC 9110 §10.1.1)
  boolean expects(CharSequence value) {
    boolean sound = !expectsContinue && AsciiString.contentEqualsIgnoreCase(value, "100-continue");
    expectsContinue = true;
    return sound;
  }

  // RFC 3986 §3.2.2 without user information, percent-encoding and the delimiters that only
  // confuse; a port is a number, brackets enclose an address.
  static boolean isHost(String host) {
    int length = host.length();
    int at = 0;
    if (length > 0 && host.charAt(0) == '[') {
      at = host.indexOf(']') + 1;
      for (int i = 1; i < at - 1; i++) {
        if (!isAddressPart(host.charAt(i))) {
          return false;
        }
      }
      if (at < 4) {
        return false;
      }
    } else {
      while (at < length && isNamePart(host.charAt(at))) {
        at++;
      }
    }
    return at > 0 && (at == length || (host.charAt(at) == ':' && isPort(host, at + 1)));
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || (c >= 'A' && c <= 'Z')
        || c == '_';
  }

  private static boolean isAddressPart(char c) {
    return c == ':'
        || c == '.'
        || (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'f')
        || (c >= 'A' && c <= 'F');
  }

  private static boolean isPort(String host, int from) {
    int port = 0;
    for (int i = from; i < host.length(); i++) {
      char c = host.charAt(i);
      port = 10 * port + c - '0';
      if (c < '0' || c > '9' || port > 65_535) {
        return false;
      }
    }
    return true;
  }

  static String lower(CharSequence value) {
    return value.toString().strip().toLowerCase(java.util.Locale.ROOT);
  }
}
