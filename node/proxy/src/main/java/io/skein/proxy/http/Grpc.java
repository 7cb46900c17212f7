package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import io.skein.proxy.outcome.Reason;
import java.util.concurrent.TimeUnit;

/// What gRPC says on top of HTTP/2 (PROTOCOL-HTTP2.md of grpc/grpc): its content type, its
/// deadlines, and how it wants to be refused: 200, and the status in fields of the head.
final class Grpc {
  private static final AsciiString TYPE = AsciiString.cached("application/grpc");
  private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
  private static final int MOST_DIGITS = 8;

  private Grpc() {}

  /// Whether the client speaks gRPC (gRPC-Web is another matter: it is plain HTTP to us).
  static boolean asked(RequestFacts request) {
    CharSequence type = request.fields.first(HttpHeaderNames.CONTENT_TYPE);
    return type != null
        && type.length() >= TYPE.length()
        && AsciiString.regionMatchesAscii(type, true, 0, TYPE, 0, TYPE.length())
        && (type.length() == TYPE.length()
            || type.charAt(TYPE.length()) == '+'
            || type.charAt(TYPE.length()) == ';');
  }

  /// How long the client waits, from the request's beginning; 0 if it does not say, or nonsense.
  static long timeoutNanos(RequestFacts request) {
    CharSequence text = request.fields.first(TIMEOUT);
    int digits = text == null ? 0 : text.length() - 1;
    if (text == null || digits < 1 || digits > MOST_DIGITS) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      value = value * 10 + digit;
    }
    long nanos =
        switch (text.charAt(digits)) {
          case 'H' -> TimeUnit.HOURS.toNanos(value);
          case 'M' -> TimeUnit.MINUTES.toNanos(value);
          case 'S' -> TimeUnit.SECONDS.toNanos(value);
          case 'm' -> TimeUnit.MILLISECONDS.toNanos(value);
          case 'u' -> TimeUnit.MICROSECONDS.toNanos(value);
          case 'n' -> value;
          default -> -1;
        };
    return nanos < 0 ? 0 : Math.max(1, nanos);
  }

  /// The fields of a refusal.
  static void refusal(Fields fields, Reason reason, String detail, String receipt) {
    fields.add("content-type", TYPE);
    fields.add("grpc-status", Integer.toString(status(reason)));
    fields.add("grpc-message", encoded(reason.title() + ": " + detail));
    fields.add("skein-reason", reason.token());
    if (!receipt.isEmpty()) {
      fields.add("skein-receipt", receipt);
    }
  }

  /// INVALID_ARGUMENT 3, DEADLINE_EXCEEDED 4, RESOURCE_EXHAUSTED 8, UNIMPLEMENTED 12, INTERNAL 13,
  /// UNAVAILABLE 14, CANCELLED 1.
  private static int status(Reason reason) {
    return switch (reason.status()) {
      case 404, 405, 501 -> 12;
      case 408, 504 -> 4;
      case 413, 414, 429, 431 -> 8;
      case 499 -> 1;
      case 500, 505 -> 13;
      case 502, 503 -> 14;
      default -> reason.status() >= 500 ? 14 : 3;
    };
  }

  private static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x7f && c != '%') {
        out.append(c);
      } else {
        out.append("%20");
      }
    }
    return out.toString();
  }
}
