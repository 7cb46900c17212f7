package io.skein.ledger.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Lets the JDK's TLS compute its handshakes with AWS-LC. Any thread.
///
/// The JDK computes on curves in Java, which costs a multiple while that code is new to the
/// process, and a node makes most handshakes at once just then: with a mesh that it joins, or with
/// all the peers that its requests go to because an endpoint died. So what a handshake is made of
/// is offered to the JDK by a provider that stands before its own: key agreement on P-256,
/// signatures by Ed25519 and ECDSA, HMAC. What it does not offer (other curves, the ciphers of
/// records) stays with the JDK, and so does everything where the library does not load.
public final class NativeHandshakes {
  private static final String NAME = "SkeinHandshakes";

  private static final List<String> SIGNATURES =
      List.of("Ed25519", "EdDSA", "SHA256withECDSA", "SHA384withECDSA");

  private static final List<String> MACS = List.of("HmacSHA256", "HmacSHA384");

  private NativeHandshakes() {}

  /// Loads the library, as [SignatureLibrary#useNative] does, asks it what is known, and puts it
  /// before the JDK's providers. Nothing is thrown, whatever the reason that it cannot be used.
  ///
  /// @return whether it is in force
  public static synchronized boolean use() {
    if (Security.getProvider(NAME) != null) {
      return true;
    }
    try {
      Provider library = AmazonCorrettoCryptoProvider.INSTANCE;
      if (AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() != null
          || !agrees(library)
          || !authenticates(library)) {
        return false;
      }
      Security.insertProviderAt(new Chosen(library), 1);
      return true;
    } catch (GeneralSecurityException | RuntimeException | LinkageError _) {
      return false;
    }
  }

  /// Back to the JDK's.
  public static void undo() {
    Security.removeProvider(NAME);
  }

  /// Some of what another provider offers.
  @SuppressWarnings("serial") // never written
  private static final class Chosen extends Provider {
    Chosen(Provider library) {
      super(NAME, library.getVersionStr(), "AWS-LC for the handshakes of TLS");
      offer(library, "KeyPairGenerator", "EC");
      offer(library, "KeyAgreement", "ECDH");
      SIGNATURES.forEach(name -> offer(library, "Signature", name));
      MACS.forEach(name -> offer(library, "Mac", name));
    }

    private void offer(Provider library, String type, String algorithm) {
      Service service = library.getService(type, algorithm);
      if (service != null) {
        putService(new Passed(this, service, algorithm));
      }
    }
  }

  /// Another provider's service by the name that it was asked for.
  private static final class Passed extends Provider.Service {
    private final Provider.Service service;

    Passed(Provider provider, Provider.Service service, String algorithm) {
      super(provider, service.getType(), algorithm, service.getClassName(), List.of(), Map.of());
      this.service = service;
    }

    @Override
    public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
      return service.newInstance(parameter);
    }

    @Override
    public boolean supportsParameter(Object parameter) {
      return service.supportsParameter(parameter);
    }
  }

  /// RFC 5903 §8.1, from either side.
  private static boolean agrees(Provider library) throws GeneralSecurityException {
    String i = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
    String ix = "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180";
    String iy = "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3";
    String r = "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53";
    String rx = "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63";
    String ry = "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab";
    byte[] shared =
        HexFormat.of().parseHex("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
    return Arrays.equals(shared, agreed(library, i, rx, ry))
        && Arrays.equals(shared, agreed(library, r, ix, iy));
  }

  private static byte[] agreed(Provider library, String own, String x, String y)
      throws GeneralSecurityException {
    AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
    p256.init(new ECGenParameterSpec("secp256r1"));
    ECParameterSpec curve = p256.getParameterSpec(ECParameterSpec.class);
    KeyFactory keys = KeyFactory.getInstance("EC");
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH", library);
    agreement.init(keys.generatePrivate(new ECPrivateKeySpec(number(own), curve)));
    ECPoint point = new ECPoint(number(x), number(y));
    agreement.doPhase(keys.generatePublic(new ECPublicKeySpec(point, curve)), true);
    return agreement.generateSecret();
  }

  private static BigInteger number(String hex) {
    return new BigInteger(hex, 16);
  }

  /// RFC 4231 §4.3.
  private static boolean authenticates(Provider library) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256", library);
    mac.init(new SecretKeySpec("Jefe".getBytes(US_ASCII), "HmacSHA256"));
    byte[] code = mac.doFinal("what do ya want for nothing?".getBytes(US_ASCII));
    return Arrays.equals(
        code,
        HexFormat.of()
            .parseHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  }
}
