package io.skein.proxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/// Writes the head of an answer as it goes downstream.
final class ResponseHead {
  private static final byte[] OK = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);

  private ResponseHead() {}

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
      head.add(facts.response.status().reasonPhrase()).line();
    }
    Iterator<Map.Entry<CharSequence, CharSequence>> fields =
        facts.response.headers().iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      CharSequence name = field.getKey();
      boolean passes =
          switch (Field.of(name)) {
            case CONNECTION, TRANSFER_ENCODING, TE, UPGRADE, SKEIN, HOP_BY_HOP -> false;
            case CONTENT_LENGTH ->
                framing == Framing.LENGTH
                    || (framing == Framing.NONE && facts.status != 204 && facts.status >= 200);
            case TRAILER -> framing == Framing.CHUNKED;
            case OTHER -> !facts.named.contains(name);
            default -> true;
          };
      if (passes) {
        head.field(name, field.getValue());
      }
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
