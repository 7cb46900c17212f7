package io.skein.proxy.http;

import io.netty.util.AsciiString;
import io.skein.proxy.route.Target;

/// Writes the head of a request as it goes upstream in HTTP/2.
final class Http2RequestHead {
  private static final AsciiString METHOD = AsciiString.cached(":method");
  private static final AsciiString SCHEME = AsciiString.cached(":scheme");
  private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
  private static final AsciiString PATH = AsciiString.cached(":path");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString TE = AsciiString.cached("te");
  private static final AsciiString TRAILERS = AsciiString.cached("trailers");
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  private Http2RequestHead() {}

  static void write(
      Http2Head head,
      RequestFacts facts,
      Origin origin,
      boolean fromPeer,
      String service,
      Target to) {
    boolean secure = !(to instanceof Target.EndpointTarget at) || at.scheme().secure();
    head.empty()
        .put(METHOD, facts.method.asciiName())
        .put(SCHEME, secure ? HTTPS : HTTP)
        .put(AUTHORITY, facts.host.isEmpty() ? service : facts.host)
        .put(PATH, facts.target);
    Fields fields = facts.fields;
    for (int i = 0; i < fields.count(); i++) {
      boolean passes =
          switch (fields.kind(i)) {
            case OTHER -> fromPeer || !origin.owns(fields.name(i));
            case EXPECT, TRAILER -> true;
            case FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST -> fromPeer;
            default -> false;
          };
      if (passes) {
        head.putAnyCase(fields.name(i), fields.value(i));
      }
    }
    if (facts.framing == Framing.LENGTH) {
      head.put(CONTENT_LENGTH, facts.length);
    }
    if (facts.takesTrailers) {
      head.put(TE, TRAILERS);
    }
    origin.addTo(head, facts, fromPeer);
  }
}
