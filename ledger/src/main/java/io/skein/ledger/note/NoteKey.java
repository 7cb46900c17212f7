package io.skein.ledger.note;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/// A key as notes know it: by a name and an id that follows from name, kind and key (C2SP
/// signed-note, "Signatures"). Immutable; any thread.
///
/// @param name see [#author] and [#cosigner]
/// @param kind what its signatures are
/// @param key the key
public record NoteKey(String name, Kind kind, PublicKey key) {
  /// What a key's signatures are over. Their messages begin differently, so one key can serve for
  /// both without a signature of one kind being taken for the other.
  public enum Kind {
    /// Ed25519 over the note's text.
    NOTE(1),
    /// Ed25519 over a time and the note's text (`cosignature/v1`).
    COSIGNATURE(4);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }
  }

  public NoteKey {
    if (!NoteSignature.named(name)) {
      throw new IllegalArgumentException("name: not that of a key");
    }
  }

  /// The key with which an author signs its feed's checkpoints; named as the feed.
  public static NoteKey author(Hash meshId, FeedId feed, PublicKey key) {
    return new NoteKey(new FeedOrigin(meshId, feed).toString(), Kind.NOTE, key);
  }

  /// The key with which a node cosigns others' checkpoints: `skein/<mesh id>/<node>`.
  public static NoteKey cosigner(Hash meshId, PublicKey key) {
    return new NoteKey("skein/" + meshId + "/" + key.nodeId(), Kind.COSIGNATURE, key);
  }

  /// First four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ key).
  public int id() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
      digest.update(kind.code);
      return ByteBuffer.wrap(digest.digest(key.toBytes())).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The key as tools take it: `name+id+base64(kind ‖ key)`.
  public String verifierKey() {
    byte[] blob =
        ByteBuffer.allocate(1 + PublicKey.BYTES).put(kind.code).put(key.toBytes()).array();
    return name
        + "+"
        + HexFormat.of().toHexDigits(id())
        + "+"
        + Base64.getEncoder().encodeToString(blob);
  }

  /// Whether a signature names this key.
  boolean made(NoteSignature signature) {
    return signature.name().equals(name) && signature.keyId() == id();
  }
}
