package io.skein.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.skein.proxy.outcome.Reason;
import java.nio.charset.StandardCharsets;

/// The proxy's own answers: `application/problem+json` (RFC 9457).
final class Problem {
  private Problem() {}

  /// @param detail what exactly happened; must contain nothing a client sent
  /// @param close whether the connection closes afterwards
  /// @param withBody false in answers to HEAD
  /// @param receipt the receipt to name; empty if none
  static void write(
      Worker worker,
      Outgoing out,
      Reason reason,
      String detail,
      boolean close,
      boolean withBody,
      String receipt) {
    String text =
        "{\"type\":\"/problems/"
            + reason.code()
            + "\",\"title\":\""
            + reason.title()
            + "\",\"status\":"
            + reason.status()
            + ",\"detail\":\""
            + escaped(detail)
            + "\",\"code\":\""
            + reason.code()
            + "\",\"reason\":\""
            + reason.token()
            + "\"}\n";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    HeadBuffer head = worker.head.clear();
    head.add("HTTP/1.1 ").number(reason.status()).add(' ');
    head.add(HttpResponseStatus.valueOf(reason.status()).reasonPhrase()).line();
    head.add("Content-Type: application/problem+json\r\nCache-Control: no-store\r\n");
    head.add("Content-Length: ").number(body.length).line();
    head.field("Skein-Reason", reason.token());
    if (reason == Reason.METHOD_REFUSED) {
      head.add("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");
    }
    if (reason.status() == 503) {
      head.add("Retry-After: 1\r\n");
    }
    if (!receipt.isEmpty()) {
      head.field("Skein-Receipt", receipt);
    }
    if (close) {
      head.add("Connection: close\r\n");
    }
    out.head(head.line(), body.length);
    if (withBody) {
      out.data(Unpooled.wrappedBuffer(body));
    }
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else {
        out.append(c < 0x20 ? ' ' : c);
      }
    }
    return out.toString();
  }
}
