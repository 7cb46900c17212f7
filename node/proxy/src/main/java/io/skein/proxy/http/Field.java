package io.skein.proxy.http;

import io.netty.util.AsciiString;

/// Header fields that the proxy treats specially, recognised by length first so that the common
/// others cost one switch.
enum Field {
  OTHER,
  HOST,
  CONNECTION,
  CONTENT_LENGTH,
  TRANSFER_ENCODING,
  TE,
  TRAILER,
  EXPECT,
  UPGRADE,
  VIA,
  FORWARDED,
  X_FORWARDED_FOR,
  X_FORWARDED_PROTO,
  X_FORWARDED_HOST,
  SKEIN,
  /// What an endpoint says of its load: taken, not passed on.
  LOAD_METRICS,
  /// Keep-Alive, Proxy-Connection, HTTP2-Settings: removed without being named in Connection.
  HOP_BY_HOP,
  /// Credentials for a proxy, which is us: removed.
  PROXY_AUTHORIZATION,
  /// Keys of the WebSocket draft 76, for which the codec assumes a body of 8 bytes: refused.
  DRAFT_76,
  /// A framing field with underscores, which applications behind CGI-like interfaces take for the
  /// one with hyphens: refused.
  DISGUISED;

  private static final String SKEIN_PREFIX = "skein-";

  static Field of(CharSequence name) {
    Field field =
        switch (name.length()) {
          case 2 -> is(name, "te", TE);
          case 3 -> is(name, "via", VIA);
          case 4 -> is(name, "host", HOST);
          case 6 -> is(name, "expect", EXPECT);
          case 7 ->
              (name.charAt(0) | 0x20) == 't'
                  ? is(name, "trailer", TRAILER)
                  : is(name, "upgrade", UPGRADE);
          case 9 -> is(name, "forwarded", FORWARDED);
          case 10 ->
              (name.charAt(0) | 0x20) == 'c'
                  ? is(name, "connection", CONNECTION)
                  : is(name, "keep-alive", HOP_BY_HOP);
          case 14 ->
              (name.charAt(0) | 0x20) == 'c'
                  ? framing(name, 7, "content-length", CONTENT_LENGTH)
                  : is(name, "http2-settings", HOP_BY_HOP);
          case 15 -> is(name, "x-forwarded-for", X_FORWARDED_FOR);
          case 16 ->
              (name.charAt(0) | 0x20) == 'x'
                  ? is(name, "x-forwarded-host", X_FORWARDED_HOST)
                  : is(name, "proxy-connection", HOP_BY_HOP);
          case 17 ->
              (name.charAt(0) | 0x20) == 'x'
                  ? is(name, "x-forwarded-proto", X_FORWARDED_PROTO)
                  : framing(name, 8, "transfer-encoding", TRANSFER_ENCODING);
          case 18 ->
              is(name, "sec-websocket-key1", DRAFT_76) == DRAFT_76
                  ? DRAFT_76
                  : is(name, "sec-websocket-key2", DRAFT_76);
          case 21 -> is(name, "endpoint-load-metrics", LOAD_METRICS);
          case 25 -> is(name, "endpoint-load-metrics-bin", LOAD_METRICS);
          case 26 -> is(name, "endpoint-load-metrics-json", LOAD_METRICS);
          case 19 -> is(name, "proxy-authorization", PROXY_AUTHORIZATION);
          default -> OTHER;
        };
    if (field == OTHER
        && name.length() > SKEIN_PREFIX.length()
        && (name.charAt(0) | 0x20) == 's'
        && AsciiString.regionMatchesAscii(name, true, 0, SKEIN_PREFIX, 0, SKEIN_PREFIX.length())) {
      return SKEIN;
    }
    return field;
  }

  private static Field is(CharSequence name, String lower, Field field) {
    return AsciiString.contentEqualsIgnoreCase(name, lower) ? field : OTHER;
  }

  /// @param hyphen where its hyphen is
  private static Field framing(CharSequence name, int hyphen, String lower, Field field) {
    if (name.charAt(hyphen) == '_') {
      return AsciiString.contentEqualsIgnoreCase(name, lower.replace('-', '_')) ? DISGUISED : OTHER;
    }
    return is(name, lower, field);
  }
}
