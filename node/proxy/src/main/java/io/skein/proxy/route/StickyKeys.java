package io.skein.proxy.route;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The keys by which nodes sign the cookies that keep clients with their endpoints. Each node signs
/// with a key of its own and tells it to the others of its mesh, where no client listens; so any
/// node honours any other's cookies, and nobody else can make one. Any thread.
///
/// A cookie is the key's id and a tag, HMAC-SHA-256 (RFC 2104) of the service and the endpoint, cut
/// to 128 bits: it says nothing about the endpoint to those without the key, and a client cannot
/// choose one by making up another. It can hand its own to somebody else; that is no more than
/// telling him where it is.
///
/// Keys that were heard of once are kept, the latest [#MOST], so that cookies outlive the node that
/// gave them.
public final class StickyKeys {
  /// Bytes of a key.
  public static final int BYTES = 32;

  static final int MOST = 1_024;
  private static final int MOST_TAGS = 20_000;

  private final Key own;
  private volatile Map<Long, Key> known;

  /// One node's key.
  public static final class Key {
    private final long id;
    private final SecretKeySpec secret;
    private final ConcurrentHashMap<String, Tag> tags = new ConcurrentHashMap<>();

    private Key(byte[] secret) {
      if (secret.length != BYTES) {
        throw new IllegalArgumentException(
            "secret: " + secret.length + " bytes (expected: " + BYTES + ")");
      }
      this.secret = new SecretKeySpec(secret, "HmacSHA256");
      this.id = mac("id").getInt() & 0xffff_ffffL;
    }

    /// What stands for an endpoint of a service.
    Tag tag(String service, String endpoint) {
      String text = service + "\n" + endpoint;
      Tag known = tags.get(text);
      if (known != null) {
        return known;
      }
      if (tags.size() >= MOST_TAGS) {
        tags.clear();
      }
      ByteBuffer mac = mac("at\n" + text);
      Tag made = new Tag(mac.getLong(), mac.getLong());
      tags.put(text, made);
      return made;
    }

    private ByteBuffer mac(String text) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(secret);
        return ByteBuffer.wrap(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
      }
    }
  }

  /// 128 bits.
  record Tag(long high, long low) {}

  /// @param own this node's key, [#BYTES] bytes
  public StickyKeys(byte[] own) {
    this.own = new Key(own);
    this.known = Map.of(this.own.id, this.own);
  }

  /// Honours the cookies of another node from now on. One thread at a time.
  public void learn(byte[] secret) {
    Key key = new Key(secret);
    if (known.containsKey(key.id)) {
      return;
    }
    Map<Long, Key> more = new LinkedHashMap<>(known);
    more.put(key.id, key);
    ArrayDeque<Long> eldest = new ArrayDeque<>(more.keySet());
    while (more.size() > MOST) {
      Long id = eldest.removeFirst();
      if (id != own.id) {
        more.remove(id);
      }
    }
    known = Collections.unmodifiableMap(more);
  }

  Key own() {
    return own;
  }

  Optional<Key> find(long id) {
    return Optional.ofNullable(known.get(id));
  }

  /// A cookie's value: 40 hexadecimal digits.
  String text(String service, String endpoint) {
    Tag tag = own.tag(service, endpoint);
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits((int) own.id) + hex.toHexDigits(tag.high()) + hex.toHexDigits(tag.low());
  }
}
