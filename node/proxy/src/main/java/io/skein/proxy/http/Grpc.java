package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import io.skein.proxy.outcome.Reason;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/// What gRPC says on top of HTTP/2 (PROTOCOL-HTTP2.md of grpc/grpc): its content type, its
/// deadlines, how a call ends, and how it wants to be refused: 200, and the status in fields of the
/// head; or, once an answer is on its way, in its trailers.
final class Grpc {
  private static final AsciiString TYPE = AsciiString.cached("application/grpc");
  private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final int MOST_DIGITS = 8;

  /// A client ends its call at its deadline itself. We come after it, for those that do not: a
  /// status of ours that is faster than a busy client's clock would only change its words.
  static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private Grpc() {}

  /// Whether the client speaks gRPC (gRPC-Web is another matter: it is plain HTTP to us).
  static boolean asked(RequestFacts request) {
    return spoken(request.fields);
  }

  /// Whether a head with these fields is one of gRPC.
  static boolean spoken(Fields fields) {
    CharSequence type = fields.count() == 0 ? null : fields.first(HttpHeaderNames.CONTENT_TYPE);
    return type != null
        && type.length() >= TYPE.length()
        && AsciiString.regionMatchesAscii(type, true, 0, TYPE, 0, TYPE.length())
        && (type.length() == TYPE.length()
            || type.charAt(TYPE.length()) == '+'
            || type.charAt(TYPE.length()) == ';');
  }

  /// How long the client says it waits, from the request's beginning; 0 if it does not say, or
  /// nonsense.
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
    // 99,999,999 H do not fit: that is no limit.
    return nanos < 0 || nanos > Long.MAX_VALUE / 4 ? 0 : nanos;
  }

  /// How a call ended, by the fields of its head or trailers.
  ///
  /// @return -1 if they do not say, or nonsense
  static int status(Fields fields) {
    CharSequence text = fields.first(STATUS);
    if (text == null || text.isEmpty() || text.length() > 2) {
      return -1;
    }
    int status = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      status = 10 * status + digit;
    }
    return status;
  }

  /// Whether a call that ended so is the endpoint's failure: UNKNOWN, which is what becomes of
  /// exceptions, INTERNAL, UNAVAILABLE and DATA_LOSS.
  static boolean failed(int status) {
    return status == 2 || status == 13 || status == 14 || status == 15;
  }

  /// The status of HTTP that says what a status of gRPC says, for rules made for HTTP (the inverse
  /// of the table in http-grpc-status-mapping.md, and its like beyond).
  static int asHttp(int status) {
    return switch (status) {
      case 0 -> 200;
      case 1 -> 499;
      case 3, 9, 11 -> 400;
      case 4 -> 504;
      case 5, 12 -> 404;
      case 6, 10 -> 409;
      case 7 -> 403;
      case 8 -> 429;
      case 14 -> 503;
      case 16 -> 401;
      default -> 500;
    };
  }

  /// The fields of a refusal.
  static void refusal(Fields fields, Reason reason, String detail, String receipt) {
    fields.add("content-type", TYPE);
    ending(fields, reason, detail);
    fields.add("skein-reason", reason.token());
    if (!receipt.isEmpty()) {
      fields.add("skein-receipt", receipt);
    }
  }

  /// The fields of trailers that end a call.
  static void ending(Fields fields, Reason reason, String detail) {
    fields.add(STATUS, Integer.toString(status(reason)));
    fields.add("grpc-message", encoded(reason.title() + ": " + detail));
  }

  /// What http-grpc-status-mapping.md says of the status in HTTP: INTERNAL 13, UNIMPLEMENTED 12,
  /// UNAVAILABLE 14. We know more of a few: a deadline passed is DEADLINE_EXCEEDED 4, what is too
  /// large RESOURCE_EXHAUSTED 8, a client that left CANCELLED 1; the rest is UNKNOWN 2.
  private static int status(Reason reason) {
    if (reason == Reason.TOTAL_TIMEOUT) {
      return 4;
    }
    return switch (reason.status()) {
      case 400 -> 13;
      case 404, 405, 501 -> 12;
      case 413, 414, 431 -> 8;
      case 429, 502, 503, 504 -> 14;
      case 499 -> 1;
      default -> 2;
    };
  }

  /// Percent-encoded, as `grpc-message` wants all but printable ASCII.
  private static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each >= 0x20 && each < 0x7f && each != '%') {
        out.append((char) each);
      } else {
        out.append('%').append(HEX.toHexDigits(each));
      }
    }
    return out.toString();
  }
}
