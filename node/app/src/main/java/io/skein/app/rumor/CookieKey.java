package io.skein.app.rumor;

import io.skein.proxy.route.StickyKeys;
import java.util.HexFormat;
import java.util.Optional;

/// The key by which a node signs the cookies that keep clients with their endpoints: for the nodes
/// of the mesh, which alone hear rumors, and for nobody else.
///
/// @param secret 32 bytes, in hexadecimal digits
public record CookieKey(String secret) implements Rumor {
  public static final String KEY = "cookie-key";

  public static CookieKey of(byte[] secret) {
    return new CookieKey(HexFormat.of().formatHex(secret));
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(secret);
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public byte[] encode() {
    return Versioned.array(2).bytes(bytes()).toBytes();
  }

  public static Optional<CookieKey> decode(byte[] bytes) {
    return Versioned.read(bytes, 2, in -> of(in.bytes(StickyKeys.BYTES)))
        .filter(key -> key.secret().length() == 2 * StickyKeys.BYTES);
  }

  /// Names no secret.
  @Override
  public String toString() {
    return "CookieKey";
  }
}
