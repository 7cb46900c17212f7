package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeHandshakesTest {
  private static final byte[] MESSAGE = {1, 2, 3};

  @BeforeEach
  void use() {
    boolean used = NativeHandshakes.use();
    boolean here =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    assertTrue(used || !here, "it loads where the project is built");
    assumeTrue(used);
  }

  @AfterEach
  void undo() {
    NativeHandshakes.undo();
  }

  @Test
  void agreesWithTheJdk() throws GeneralSecurityException {
    KeyPair here = pair("EC", "secp256r1");
    NativeHandshakes.undo();
    KeyPair there = pair("EC", "secp256r1");
    byte[] byTheJdk = secret(there.getPrivate(), here.getPublic());
    use();
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(here.getPrivate());
    assertTrue(agreement.getProvider().getInfo().contains("AWS-LC"));
    assertArrayEquals(byTheJdk, secret(here.getPrivate(), there.getPublic()));
  }

  @Test
  void leavesTheJdkWhatItDoesNotKnow() throws GeneralSecurityException {
    KeyPair here = pair("X25519", "X25519");
    assertEquals("SunEC", KeyAgreement.getInstance("X25519").getProvider().getName());
    PublicKey there = pair("X25519", "X25519").getPublic();
    assertEquals(32, secret("X25519", here.getPrivate(), there).length);
  }

  @Test
  void signsAndVerifiesWithKeysOfTheJdk() throws GeneralSecurityException {
    NativeHandshakes.undo();
    KeyPair ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair p256 = pair("EC", "secp256r1");
    use();
    signs("Ed25519", ed25519.getPrivate(), ed25519.getPublic());
    signs("SHA256withECDSA", p256.getPrivate(), p256.getPublic());
  }

  @Test
  void canBeTakenBack() {
    assertTrue(NativeHandshakes.use(), "twice is as once");
    NativeHandshakes.undo();
    assertFalse(Security.getProviders()[0].getInfo().contains("AWS-LC"));
  }

  private static void signs(String algorithm, PrivateKey key, PublicKey holder)
      throws GeneralSecurityException {
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    assertTrue(signer.getProvider().getInfo().contains("AWS-LC"), algorithm);
    signer.update(MESSAGE);
    byte[] signature = signer.sign();
    Signature verifier = Signature.getInstance(algorithm, "SunEC");
    verifier.initVerify(holder);
    verifier.update(MESSAGE);
    assertTrue(verifier.verify(signature), algorithm);
    Signature again = Signature.getInstance(algorithm);
    again.initVerify(holder);
    again.update(new byte[] {1, 2, 4});
    assertFalse(again.verify(signature), algorithm);
  }

  private static KeyPair pair(String algorithm, String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static byte[] secret(PrivateKey own, PublicKey other) throws GeneralSecurityException {
    return secret("ECDH", own, other);
  }

  private static byte[] secret(String algorithm, PrivateKey own, PublicKey other)
      throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance(algorithm);
    agreement.init(own);
    agreement.doPhase(other, true);
    return agreement.generateSecret();
  }
}
