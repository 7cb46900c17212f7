package io.skein.ledger.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// An Ed25519 key pair (RFC 8032). Immutable; any thread. Never shown in text.
public final class SigningKey {
  /// Length of the secret seed.
  public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

  private final byte[] seed;
  private final PublicKey publicKey;
  private final Pkcs8Key provided;

  private SigningKey(byte[] seed) {
    this.seed = seed;
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, point, 0);
    this.publicKey = PublicKey.of(point);
    this.provided = new Pkcs8Key(seed);
  }

  /// Draws a new key. `random` must be a `SecureRandom` outside tests and simulations.
  public static SigningKey generate(RandomGenerator random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new SigningKey(seed);
  }

  /// The key of a 32-byte seed.
  ///
  /// @throws IllegalArgumentException unless there are 32 bytes
  public static SigningKey ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("seed: " + seed.length + " bytes (expected: 32)");
    }
    return new SigningKey(seed.clone());
  }

  /// The public half.
  public PublicKey publicKey() {
    return publicKey;
  }

  /// The identity of the holder.
  public NodeId nodeId() {
    return publicKey.nodeId();
  }

  /// Signs `message`: 64 bytes.
  public byte[] sign(byte[] message) {
    return SignatureLibrary.inForce().sign(this, message);
  }

  /// A copy of the secret seed, to be written to a key file or a join token and nowhere else.
  public byte[] seed() {
    return seed.clone();
  }

  /// 32 secret bytes that follow from this key, different for each purpose, and from which neither
  /// this key nor those for other purposes follow (HMAC-SHA-256, RFC 2104).
  public byte[] derive(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(seed, "HmacSHA256"));
      return mac.doFinal(("skein derived " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  Pkcs8Key provided() {
    return provided;
  }

  /// Names the public half only.
  @Override
  public String toString() {
    return "SigningKey[" + publicKey.nodeId() + "]";
  }
}
