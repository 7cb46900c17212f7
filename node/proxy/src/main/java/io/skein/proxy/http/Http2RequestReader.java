package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.skein.proxy.outcome.Reason;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the heads of one HTTP/2 connection's requests (RFC 9113 §8.2, §8.3).
///
/// The codec below refuses with a stream error what is malformed by the letter of §8.1.1: unknown,
/// repeated, late or missing pseudo-fields, upper case, connection-specific fields, a TE other than
/// `trailers`, several lengths, a length other than that of the data. Here is refused what an
/// HTTP/1.1 parser behind us might read differently: characters that end a line or a name, space
/// around a value, a Host beside another authority.
final class Http2RequestReader {
  /// How many times as large a head the codec reads, so that one that is only too large gets its
  /// answer instead of ending the connection.
  static final int CODEC_TIMES = 4;

  /// What each field counts besides its name and value (RFC 9113 §6.5.2).
  private static final int FIELD_BYTES = 32;

  private final StringBuilder cookies = new StringBuilder();
  private final int mostBytes;

  /// @param mostBytes of a head's fields
  Http2RequestReader(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /// @param facts cleared before
  /// @param ended whether nothing follows the head
  /// @return why it is refused, if it is
  @Nullable Reason read(RequestFacts facts, Http2Headers headers, boolean ended) {
    facts.keepAlive = true;
    facts.eager = true;
    facts.framing = ended ? Framing.NONE : Framing.CHUNKED;
    cookies.setLength(0);
    CharSequence authority = null;
    CharSequence path = "";
    CharSequence protocol = null;
    CharSequence hostField = null;
    Reason refused = null;
    int bytes = 0;
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      CharSequence name = field.getKey();
      CharSequence value = field.getValue();
      bytes += name.length() + value.length() + FIELD_BYTES;
      if (bytes > mostBytes) {
        return Reason.HEADERS_TOO_LARGE;
      }
      if (!isValue(value)) {
        return Reason.BAD_REQUEST;
      }
      if (name.charAt(0) == ':') {
        switch (name.length() > 1 ? name.charAt(1) : ' ') {
          case 'm' -> {
            if (!isToken(value, false)) {
              return Reason.BAD_REQUEST;
            }
            refused = facts.method(HttpMethod.valueOf(value.toString()));
          }
          case 's' -> {
            facts.scheme = value.toString();
            if (!facts.scheme.equals("http") && !facts.scheme.equals("https")) {
              return Reason.BAD_REQUEST;
            }
          }
          case 'a' -> authority = value;
          case 'p' -> {
            if (AsciiString.contentEquals(name, ":protocol")) {
              protocol = value;
            } else {
              path = value;
            }
          }
          default -> {
            return Reason.BAD_REQUEST;
          }
        }
        continue;
      }
      if (!isToken(name, true)) {
        return Reason.BAD_REQUEST;
      }
      Field kind = Field.of(name);
      switch (kind) {
        case OTHER -> {
          if (AsciiString.contentEquals(name, "cookie")) {
            // An HTTP/1.1 endpoint knows but one such field (§8.2.3).
            cookies.append(cookies.isEmpty() ? "" : "; ").append(value);
          } else {
            facts.fields.add(kind, name, value);
          }
        }
        case TRAILER -> facts.fields.add(kind, name, value);
        case EXPECT -> {
          if (!facts.expects(value)) {
            return Reason.BAD_REQUEST;
          }
          facts.fields.add(kind, name, value);
        }
        case HOST -> {
          if (hostField != null) {
            return Reason.BAD_HOST;
          }
          hostField = value;
        }
        case CONTENT_LENGTH -> {
          facts.framing = Framing.LENGTH;
          facts.length = value.toString();
          if (!isLength(facts.length)) {
            return Reason.BAD_REQUEST;
          }
          // A head that says so is a whole request to the endpoint: data may yet prove it
          // malformed.
          facts.eager = Long.parseLong(facts.length) > 0;
        }
        case TE -> facts.takesTrailers |= AsciiString.contentEquals(value, "trailers");
        case VIA, FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST -> {
          facts.forwarded = true;
          facts.fields.add(kind, name, value);
        }
        case SKEIN -> facts.debug |= AsciiString.contentEquals(name, "skein-debug");
        case PROXY_AUTHORIZATION -> {}
        case CONNECTION, TRANSFER_ENCODING, UPGRADE, HOP_BY_HOP, DRAFT_76, DISGUISED -> {
          return Reason.BAD_REQUEST;
        }
      }
    }
    if (!cookies.isEmpty()) {
      facts.fields.add(Field.OTHER, "cookie", cookies.toString());
    }
    if (protocol != null) {
      refused = extended(facts, protocol, ended);
    }
    if (refused != null) {
      return refused;
    }
    return where(facts, authority, hostField, path, ended);
  }

  /// A CONNECT that wants a WebSocket (RFC 8441 §5) becomes what HTTP/1.1 says for that; the key of
  /// that handshake is this side's. Other protocols are refused.
  private static @Nullable Reason extended(
      RequestFacts facts, CharSequence protocol, boolean ended) {
    if (!facts.method.equals(HttpMethod.CONNECT)
        || !AsciiString.contentEquals(protocol, "websocket")) {
      return facts.method.equals(HttpMethod.CONNECT)
          ? Reason.UPGRADE_UNSUPPORTED
          : Reason.BAD_REQUEST;
    }
    if (ended || facts.framing == Framing.LENGTH) {
      return Reason.BAD_REQUEST;
    }
    Reason refused = facts.method(HttpMethod.GET);
    facts.framing = Framing.NONE;
    facts.websocket = true;
    facts.webSocketKey = Http2WebSocket.someKey();
    facts.fields.set("Sec-WebSocket-Key", facts.webSocketKey);
    return refused;
  }

  private static @Nullable Reason where(
      RequestFacts facts,
      @Nullable CharSequence authority,
      @Nullable CharSequence hostField,
      CharSequence path,
      boolean ended) {
    if (authority != null
        && hostField != null
        && !AsciiString.contentEqualsIgnoreCase(authority, hostField)) {
      return Reason.BAD_HOST;
    }
    CharSequence host = authority != null ? authority : hostField;
    facts.host = host == null ? "" : host.toString();
    if (!RequestFacts.isHost(facts.host)) {
      return Reason.BAD_HOST;
    }
    facts.target = path.toString();
    boolean asterisk = facts.target.equals("*") && facts.method.equals(HttpMethod.OPTIONS);
    if (!RequestFacts.isTarget(facts.target) || !(asterisk || facts.target.startsWith("/"))) {
      return Reason.BAD_REQUEST;
    }
    if (facts.target.length() > MOST_TARGET) {
      return Reason.URI_TOO_LONG;
    }
    facts.expectsContinue &= facts.framing != Framing.NONE;
    if (ended && facts.framing == Framing.NONE && hasMeaningfulBody(facts.method)) {
      // Some HTTP/1.1 servers answer 411 otherwise (RFC 9110 §8.6).
      facts.framing = Framing.LENGTH;
      facts.length = "0";
    }
    return null;
  }

  private static final int MOST_TARGET = 8 << 10;

  private static boolean hasMeaningfulBody(HttpMethod method) {
    return method.equals(HttpMethod.POST)
        || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.PATCH);
  }

  /// Reads those fields of a trailer section that may be passed on.
  ///
  /// @return whether it is well-formed
  static boolean trailers(Fields trailers, Http2Headers from) {
    trailers.clear();
    Iterator<Map.Entry<CharSequence, CharSequence>> all = from.iterator();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = all.next();
      CharSequence name = field.getKey();
      if (!isToken(name, true) || !isValue(field.getValue())) {
        return false;
      }
      Field kind = Field.of(name);
      if (kind == Field.OTHER) {
        trailers.add(kind, name, field.getValue());
      }
    }
    return true;
  }

  static boolean isLength(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /// RFC 9110 §5.6.2.
  static boolean isToken(CharSequence text, boolean lower) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fits =
          (c >= 'a' && c <= 'z')
              || c == '-'
              || (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z' && !lower)
              || (c > 0x20 && c < 0x7f && "!#$%&'*+.^_`|~".indexOf(c) >= 0);
      if (!fits) {
        return false;
      }
    }
    return text.length() > 0;
  }

  /// RFC 9113 §8.2.1, and no other control character either.
  static boolean isValue(CharSequence text) {
    int length = text.length();
    if (length == 0) {
      return true;
    }
    if (isSpace(text.charAt(0)) || isSpace(text.charAt(length - 1))) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
