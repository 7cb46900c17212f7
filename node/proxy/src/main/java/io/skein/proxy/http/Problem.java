package io.skein.proxy.http;

import io.skein.proxy.outcome.Reason;
import java.nio.charset.StandardCharsets;

/// The proxy's own answers: `application/problem+json` (RFC 9457).
final class Problem {
  private Problem() {}

  /// The body.
  ///
  /// @param detail what exactly happened; must contain nothing a client sent
  static byte[] body(Reason reason, String detail) {
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
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What an answer says of itself, whatever the version of HTTP; names in lower case.
  static void fields(Fields fields, Reason reason, RequestFacts request, String receipt) {
    fields.add("content-type", "application/problem+json");
    fields.add("cache-control", "no-store");
    fields.add("skein-reason", reason.token());
    if (reason == Reason.METHOD_REFUSED) {
      fields.add("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    if (request.retryAfterSeconds > 0) {
      fields.add("retry-after", Long.toString(request.retryAfterSeconds));
    } else if (reason.status() == 503) {
      fields.add("retry-after", "1");
    }
    if (!request.ratePolicy.isEmpty()) {
      // "name";q=…;w=…: the limit in force says the same name, nothing left, and when there is
      // more.
      int end = request.ratePolicy.indexOf(';');
      fields.add("ratelimit-policy", request.ratePolicy);
      fields.add(
          "ratelimit",
          request.ratePolicy.substring(0, end) + ";r=0;t=" + request.retryAfterSeconds);
    }
    if (request.web.cors().on()) {
      CrossOrigin.edit(request.web.cors(), request, fields);
    }
    if (!receipt.isEmpty()) {
      fields.add("skein-receipt", receipt);
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
