package io.skein.ledger.key;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// Ed25519 secrets as PKCS#8 EncryptedPrivateKeyInfo (RFC 5958 §3): PBES2 with PBKDF2-HMAC-SHA-256
/// and AES-256-CBC (RFC 8018 §6.2, appendix A), the form in which `openssl genpkey -algorithm
/// ed25519 -aes256` writes them and every OpenSSL since 1.1 reads them.
final class EncryptedPkcs8 {
  /// Of the keys written here: about half a second of one core for each guess. OpenSSL's own
  /// default is 2,048, which is read as well.
  static final int ITERATIONS = 600_000;

  private static final int MAX_ITERATIONS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int MAX_SALT_BYTES = 64;
  private static final int IV_BYTES = 16;
  private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};
  private static final int MAX_CONTENT_BYTES = 256;

  private EncryptedPkcs8() {}

  /// What became of a file's content.
  sealed interface Opened {
    record Key(SigningKey key) implements Opened {}

    /// The passphrase is another, or the content was damaged: the two cannot be told apart.
    record WrongPassphrase() implements Opened {}

    /// Not in the one form that is read here.
    record Unknown(String why) implements Opened {}
  }

  static byte[] encode(SigningKey key, Passphrase passphrase, RandomGenerator random) {
    byte[] salt = new byte[SALT_BYTES];
    byte[] iv = new byte[IV_BYTES];
    random.nextBytes(salt);
    random.nextBytes(iv);
    byte[] plain = Pkcs8.encode(key);
    try {
      byte[] content = crypt(true, passphrase, salt, ITERATIONS, iv, plain).orElseThrow();
      AlgorithmIdentifier prf =
          new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
      PBES2Parameters scheme =
          new PBES2Parameters(
              new KeyDerivationFunc(
                  PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(salt, ITERATIONS, prf)),
              new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
      return new EncryptedPrivateKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, scheme), content)
          .getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a key of our own making cannot be encoded", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /// What a structure says of how it is to be opened.
  sealed interface Form {
    /// In the one form that is read here, every value within its range.
    record Locked(byte[] salt, int iterations, byte[] iv, byte[] content) implements Form {}

    /// In another.
    record Unknown(String why) implements Form {}
  }

  static Opened decode(byte[] encoded, Passphrase passphrase) {
    return switch (form(encoded)) {
      case Form.Unknown(String why) -> new Opened.Unknown(why);
      case Form.Locked locked -> open(locked, passphrase);
    };
  }

  /// Reads a structure and derives nothing, which is what takes long.
  static Form form(byte[] encoded) {
    EncryptedPrivateKeyInfo info;
    PBKDF2Params derivation;
    EncryptionScheme encryption;
    byte[] iv;
    try {
      info = EncryptedPrivateKeyInfo.getInstance(encoded);
      if (!info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
        return new Form.Unknown("not PBES2");
      }
      PBES2Parameters scheme =
          PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
      if (!scheme.getKeyDerivationFunc().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
        return new Form.Unknown("not PBKDF2");
      }
      derivation = PBKDF2Params.getInstance(scheme.getKeyDerivationFunc().getParameters());
      encryption = scheme.getEncryptionScheme();
      if (!encryption.getAlgorithm().equals(NISTObjectIdentifiers.id_aes256_CBC)) {
        return new Form.Unknown("not AES-256-CBC");
      }
      iv = ASN1OctetString.getInstance(encryption.getParameters()).getOctets();
    } catch (RuntimeException e) {
      // What Bouncy Castle throws for a structure it cannot make sense of has no type in common: an
      // empty sequence is a NoSuchElementException.
      return new Form.Unknown("not an EncryptedPrivateKeyInfo");
    }
    byte[] salt = derivation.getSalt();
    byte[] content = info.getEncryptedData();
    int iterations =
        derivation.getIterationCount().bitLength() > 31
            ? Integer.MAX_VALUE
            : derivation.getIterationCount().intValue();
    if (!derivation.getPrf().getAlgorithm().equals(PKCSObjectIdentifiers.id_hmacWithSHA256)) {
      return new Form.Unknown("not HMAC-SHA-256");
    }
    if (iterations < 1 || iterations > MAX_ITERATIONS) {
      return new Form.Unknown(iterations + " iterations (expected: 1 to 10000000)");
    }
    if (iv.length != IV_BYTES
        || salt.length > MAX_SALT_BYTES
        || content.length > MAX_CONTENT_BYTES
        || content.length % IV_BYTES != 0) {
      return new Form.Unknown("wrong lengths");
    }
    return new Form.Locked(salt, iterations, iv, content);
  }

  private static Opened open(Form.Locked locked, Passphrase passphrase) {
    Optional<byte[]> plain =
        crypt(false, passphrase, locked.salt(), locked.iterations(), locked.iv(), locked.content());
    if (plain.isEmpty()) {
      return new Opened.WrongPassphrase();
    }
    try {
      return Pkcs8.decode(plain.get())
          .<Opened>map(Opened.Key::new)
          .orElseGet(Opened.WrongPassphrase::new);
    } finally {
      Arrays.fill(plain.get(), (byte) 0);
    }
  }

  /// Empty if the padding is wrong.
  private static Optional<byte[]> crypt(
      boolean encrypt,
      Passphrase passphrase,
      byte[] salt,
      int iterations,
      byte[] iv,
      byte[] input) {
    KeyParameter key = new KeyParameter(derive(passphrase, salt, iterations));
    PaddedBufferedBlockCipher cipher =
        new PaddedBufferedBlockCipher(
            CBCBlockCipher.newInstance(AESEngine.newInstance()), new PKCS7Padding());
    cipher.init(encrypt, new ParametersWithIV(key, iv));
    byte[] output = new byte[cipher.getOutputSize(input.length)];
    try {
      int length = cipher.processBytes(input, 0, input.length, output, 0);
      length += cipher.doFinal(output, length);
      return Optional.of(Arrays.copyOf(output, length));
    } catch (InvalidCipherTextException _) {
      return Optional.empty();
    } finally {
      Arrays.fill(key.getKey(), (byte) 0);
      if (!encrypt) {
        Arrays.fill(output, (byte) 0);
      }
    }
  }

  /// PBKDF2 (RFC 8018 §5.2) for one block of output, which is as long as the key. By the JDK's
  /// HMAC, which uses the processor's SHA instructions: four times as fast as Bouncy Castle's.
  private static byte[] derive(Passphrase passphrase, byte[] salt, int iterations) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(passphrase.bytes(), "HmacSHA256"));
      mac.update(salt);
      byte[] last = mac.doFinal(FIRST_BLOCK);
      byte[] key = last.clone();
      for (int i = 1; i < iterations; i++) {
        mac.update(last);
        mac.doFinal(last, 0);
        for (int at = 0; at < key.length; at++) {
          key[at] ^= last[at];
        }
      }
      Arrays.fill(last, (byte) 0);
      return key;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
