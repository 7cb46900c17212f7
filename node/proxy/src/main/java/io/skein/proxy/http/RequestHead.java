package io.skein.proxy.http;

import io.skein.proxy.route.Target;
import java.util.Iterator;
import java.util.Map;

/// Writes the head of a request as it goes upstream.
final class RequestHead {
  private RequestHead() {}

  /// @param origin what the client connection adds
  /// @param fromPeer whether a peer forwarded the request to us
  /// @param service its service
  /// @param to where it goes
  static void write(
      HeadBuffer head,
      RequestFacts facts,
      Origin origin,
      boolean fromPeer,
      String service,
      Target to) {
    head.clear().add(facts.request.method().asciiName()).add(' ').add(facts.target);
    head.add(" HTTP/1.1\r\n");
    head.field("Host", facts.host.isEmpty() ? service : facts.host);
    boolean chunked = facts.framing == Framing.CHUNKED;
    Iterator<Map.Entry<CharSequence, CharSequence>> fields =
        facts.request.headers().iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      CharSequence name = field.getKey();
      boolean passes =
          switch (Field.of(name)) {
            case OTHER -> !facts.named.contains(name);
            case EXPECT -> facts.http11;
            case TRAILER -> chunked;
            case FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST -> fromPeer;
            default -> false;
          };
      if (passes) {
        head.field(name, field.getValue());
      }
    }
    if (facts.framing == Framing.LENGTH) {
      head.field("Content-Length", facts.length);
    } else if (chunked) {
      head.add("Transfer-Encoding: chunked\r\n");
    }
    if (facts.takesTrailers) {
      head.add("TE: trailers\r\nConnection: TE\r\n");
    }
    if (fromPeer) {
      Origin.noteHop(head, facts);
    } else if (facts.forwarded) {
      origin.appendTo(head, facts);
    } else {
      head.add(origin.fields(facts.host));
    }
    if (to instanceof Target.PeerTarget) {
      head.field("Skein-Service", service).add("Skein-Hops: 1\r\n");
    }
    head.line();
  }
}
