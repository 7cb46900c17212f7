package io.skein.proxy.http;

import io.skein.proxy.route.Target;

/// Writes the head of a request as it goes upstream in HTTP/1.1.
final class Http1RequestHead {
  private Http1RequestHead() {}

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
    head.clear().add(facts.method.asciiName()).add(' ').add(facts.target);
    head.add(" HTTP/1.1\r\n");
    head.field("Host", facts.hostFor(service));
    boolean chunked = facts.framing == Framing.CHUNKED;
    Fields fields = facts.fields;
    for (int i = 0; i < fields.count(); i++) {
      boolean passes =
          switch (fields.kind(i)) {
            case OTHER -> fromPeer || !origin.owns(fields.name(i));
            case EXPECT -> true;
            case TRAILER -> chunked;
            case FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST -> fromPeer;
            default -> false;
          };
      if (passes) {
        head.field(fields.name(i), fields.value(i));
      }
    }
    if (facts.websocket) {
      head.add("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    }
    if (facts.framing == Framing.LENGTH) {
      head.field("Content-Length", facts.length);
    } else if (chunked) {
      head.add("Transfer-Encoding: chunked\r\n");
    }
    if (facts.takesTrailers && !facts.websocket) {
      head.add("TE: trailers\r\nConnection: TE\r\n");
    }
    if (fromPeer) {
      origin.noteHop(head, facts);
    } else if (facts.forwarded) {
      origin.appendTo(head, facts);
    } else {
      origin.addTo(head, facts.host);
    }
    if (to instanceof Target.PeerTarget) {
      head.field("Skein-Service", service).add("Skein-Hops: 1\r\n");
      if (!facts.stayAt.isEmpty()) {
        head.field("Skein-Endpoint", facts.stayAt);
      }
      if (facts.deadlineMillis > 0) {
        head.add("Skein-Deadline: ").number(facts.deadlineMillis).line();
      }
      if (!facts.priority.isEmpty()) {
        head.field("Skein-Priority", facts.priority);
      }
    }
    head.line();
  }
}
