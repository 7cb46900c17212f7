package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/// Writes the head of an answer as it goes downstream in HTTP/1.1.
final class Http1ResponseHead {
  private static final byte[] OK = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);

  private Http1ResponseHead() {}

  /// @param framing how the body is told downstream
  /// @param close whether the connection closes afterwards
  /// @param sayKeepAlive whether an HTTP/1.0 client must be told that it does not
  /// @param servedBy the endpoint to name to a peer; empty on public listeners
  /// @param receipt the receipt to name; empty if none
  static void write(
      HeadBuffer head,
      ResponseFacts facts,
      Framing framing,
      boolean close,
      boolean sayKeepAlive,
      String servedBy,
      String receipt) {
    head.clear();
    if (facts.status == 200) {
      head.add(OK);
    } else {
      head.add("HTTP/1.1 ").number(facts.status).add(' ');
      String phrase = facts.phrase;
      head.add(phrase.isEmpty() ? HttpResponseStatus.valueOf(facts.status).reasonPhrase() : phrase);
      head.line();
    }
    Fields fields = facts.fields;
    for (int i = 0; i < fields.count(); i++) {
      if (fields.kind(i) != Field.TRAILER || framing == Framing.CHUNKED) {
        head.field(fields.name(i), fields.value(i));
      }
    }
    if (facts.status == 101) {
      head.add("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    }
    if (framing == Framing.LENGTH && facts.lengthText.isEmpty()) {
      head.add("Content-Length: ").number(facts.length).line();
    } else if (!facts.lengthText.isEmpty()
        && (framing == Framing.LENGTH
            || (framing == Framing.NONE && facts.status != 204 && facts.status >= 200))) {
      head.field("Content-Length", facts.lengthText);
    }
    if (framing == Framing.CHUNKED) {
      head.add("Transfer-Encoding: chunked\r\n");
    }
    if (close) {
      head.add("Connection: close\r\n");
    } else if (sayKeepAlive) {
      head.add("Connection: keep-alive\r\n");
    }
    if (!servedBy.isEmpty()) {
      head.field("Skein-Endpoint", servedBy);
    }
    if (!receipt.isEmpty()) {
      head.field("Skein-Receipt", receipt);
    }
    head.line();
  }
}
