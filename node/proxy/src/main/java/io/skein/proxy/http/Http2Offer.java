package io.skein.proxy.http;

import io.netty.handler.codec.http2.Http2Settings;
import java.util.Base64;
import java.util.Optional;

/// The settings in an `HTTP2-Settings` field (RFC 7540 §3.2.1).
final class Http2Offer {
  private static final int SETTING_BYTES = 6;
  private static final int MOST_SETTINGS = 32;

  private Http2Offer() {}

  /// @return empty if they are not well-formed: the offer is ignored then
  static Optional<Http2Settings> settings(CharSequence field) {
    try {
      byte[] payload = Base64.getUrlDecoder().decode(field.toString());
      if (payload.length % SETTING_BYTES != 0 || payload.length > MOST_SETTINGS * SETTING_BYTES) {
        return Optional.empty();
      }
      Http2Settings settings = new Http2Settings();
      for (int i = 0; i < payload.length; i += SETTING_BYTES) {
        long value = 0;
        for (int j = 2; j < SETTING_BYTES; j++) {
          value = value << 8 | (payload[i + j] & 0xff);
        }
        settings.put((char) ((payload[i] & 0xff) << 8 | (payload[i + 1] & 0xff)), (Long) value);
      }
      return Optional.of(settings);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
