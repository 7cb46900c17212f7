package io.skein.proxy.http;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/// Reads the heads of one HTTP/2 connection's answers (RFC 9113 §8.2, §8.3.2).
final class Http2ResponseReader {
  private Http2ResponseReader() {}

  /// @param toHead whether it answers a HEAD request
  /// @param last whether nothing follows the head
  /// @return whether it is well-formed
  static boolean read(ResponseFacts facts, Http2Headers headers, boolean toHead, boolean last) {
    facts.clear();
    facts.keepAlive = true;
    CharSequence status = headers.status();
    if (status == null || status.length() != 3) {
      return false;
    }
    for (int i = 0; i < 3; i++) {
      int digit = status.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      facts.status = facts.status * 10 + digit;
    }
    if (facts.status < 100 || facts.status == 101 || (facts.status < 200 && last)) {
      return false;
    }
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      CharSequence name = field.getKey();
      if (name.charAt(0) == ':') {
        continue;
      }
      if (!Http2RequestReader.isToken(name, true)
          || !Http2RequestReader.isValue(field.getValue())) {
        return false;
      }
      Field kind = Field.of(name);
      switch (kind) {
        case CONTENT_LENGTH -> {
          facts.lengthText = field.getValue().toString();
          if (!Http2RequestReader.isLength(facts.lengthText)) {
            return false;
          }
          facts.length = Long.parseLong(facts.lengthText);
        }
        case SKEIN -> facts.skein(name, field.getValue());
        case CONNECTION, TRANSFER_ENCODING, UPGRADE, HOP_BY_HOP -> {
          return false;
        }
        case TE -> {}
        default -> facts.fields.add(kind, name, field.getValue());
      }
    }
    facts.framing = framing(facts, toHead, last);
    return true;
  }

  private static Framing framing(ResponseFacts facts, boolean toHead, boolean last) {
    if (toHead || facts.status < 200 || facts.status == 204 || facts.status == 304) {
      return Framing.NONE;
    }
    if (last) {
      facts.length = 0;
    }
    return facts.length >= 0 ? Framing.LENGTH : Framing.CHUNKED;
  }
}
