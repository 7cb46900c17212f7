package io.skein.proxy.log;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How a line looks. What clients sent is escaped: no line breaks, no control characters.
public enum AccessFormat {
  /// One JSON object a line with the names of the Elastic Common Schema 8.
  JSON {
    @Override
    void write(AccessEntry e, StringBuilder out) {
      out.append("{\"@timestamp\":\"").append(e.end()).append('"');
      text(out, "ecs.version", "8.11");
      text(out, "client.address", e.client());
      text(out, "http.request.method", e.method());
      text(out, "url.domain", e.host());
      text(out, "url.original", e.target());
      text(out, "user_agent.original", e.userAgent());
      text(out, "http.request.referrer", e.referrer());
      text(out, "service.name", e.service());
      text(out, "skein.endpoint", e.endpoint());
      number(out, "http.response.status_code", e.status());
      number(out, "http.request.body.bytes", e.bytesIn());
      number(out, "http.response.body.bytes", e.bytesOut());
      number(out, "event.duration", e.durationNanos());
      number(out, "skein.tries", e.tries());
      text(out, "event.reason", e.reason());
      text(out, "http.version", e.passage().version());
      text(out, "upstream.address", e.passage().upstream());
      text(out, "tls.version", e.passage().tlsVersion());
      text(out, "tls.client.server_name", e.passage().serverName());
      text(out, "trace.id", e.passage().traceId());
      out.append("}\n");
    }
  },
  /// The common format of web servers: client, time, request line, status, bytes.
  COMMON {
    @Override
    void write(AccessEntry e, StringBuilder out) {
      common(e, out);
      out.append('\n');
    }
  },
  /// The combined format of Apache, followed by reason, service, endpoint and milliseconds.
  COMBINED {
    @Override
    void write(AccessEntry e, StringBuilder out) {
      common(e, out);
      quoted(out, e.referrer());
      quoted(out, e.userAgent());
      out.append(' ').append(e.reason()).append(' ');
      out.append(e.service().isEmpty() ? "-" : e.service()).append(' ');
      out.append(e.endpoint().isEmpty() ? "-" : e.endpoint()).append(' ');
      out.append(String.format(Locale.ROOT, "%.3f", e.durationNanos() / 1e6)).append('\n');
    }
  };

  private static final DateTimeFormatter CLF =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

  abstract void write(AccessEntry entry, StringBuilder out);

  private static void common(AccessEntry e, StringBuilder out) {
    String version = e.passage().version();
    out.append(e.client()).append(" - - [");
    out.append(CLF.format(e.end().atOffset(ZoneOffset.UTC))).append("] \"");
    escape(out, e.method());
    out.append(' ');
    escape(out, e.target());
    out.append(" HTTP/").append(version.isEmpty() ? "1.1" : version).append("\" ");
    out.append(e.status()).append(' ').append(e.bytesOut());
  }

  private static void text(StringBuilder out, String name, String value) {
    if (!value.isEmpty()) {
      out.append(",\"").append(name).append("\":\"");
      escape(out, value);
      out.append('"');
    }
  }

  private static void number(StringBuilder out, String name, long value) {
    out.append(",\"").append(name).append("\":").append(value);
  }

  private static void quoted(StringBuilder out, String value) {
    out.append(" \"");
    escape(out, value.isEmpty() ? "-" : value);
    out.append('"');
  }

  private static void escape(StringBuilder out, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
  }
}
