package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MeshCertificateTest {
  private static final Instant FROM = Instant.ofEpochSecond(1_000_000_000);
  private static final Instant TO = Instant.ofEpochSecond(4_000_000_000L);

  private final SigningKey key = SigningKey.generate(new SplittableRandom(1));

  @Test
  void carriesKeyAndCredential() throws Exception {
    byte[] credential = {1, 2, 3};
    X509Certificate certificate = issue(credential);
    certificate.verify(certificate.getPublicKey());
    assertEquals("CN=" + key.nodeId(), certificate.getSubjectX500Principal().getName());
    assertEquals(BigInteger.TEN, certificate.getSerialNumber());
    assertEquals(FROM, certificate.getNotBefore().toInstant());
    assertEquals(TO, certificate.getNotAfter().toInstant());
    assertTrue(certificate.getNonCriticalExtensionOIDs().contains(MeshCertificate.CREDENTIAL_OID));
    MeshCertificate parsed = MeshCertificate.parse(certificate);
    assertEquals(key.publicKey(), parsed.key());
    assertArrayEquals(credential, parsed.credential());
    assertEquals(parsed, MeshCertificate.parse(issue(credential)));
  }

  @Test
  void refusesToIssueALongCredential() {
    assertThrows(IllegalArgumentException.class, () -> issue(new byte[2_049]));
  }

  /// A changed byte is refused by the JDK's parser or by ours, or lies where nothing is.
  @Test
  void noChangedByteYieldsAnotherCertificate() throws Exception {
    X509Certificate original = issue(new byte[] {1, 2, 3});
    byte[] encoded = original.getEncoded();
    int refusedByUs = 0;
    for (int at = 0; at < encoded.length; at++) {
      byte[] changed = encoded.clone();
      changed[at] ^= 1;
      X509Certificate certificate;
      try {
        certificate =
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(changed));
      } catch (CertificateException _) {
        continue;
      }
      try {
        MeshCertificate parsed = MeshCertificate.parse(certificate);
        // Not signed, such as the number of unused bits of the signature: nothing hangs on it.
        assertArrayEquals(original.getTBSCertificate(), certificate.getTBSCertificate());
        assertEquals(MeshCertificate.parse(original), parsed);
      } catch (CertificateException _) {
        refusedByUs++;
      }
    }
    assertTrue(refusedByUs > 64, "only " + refusedByUs);
  }

  @Test
  void privateKeyIsTheJdksFormOfTheSame() {
    assertEquals("EdDSA", MeshCertificate.privateKey(key).getAlgorithm());
    assertFalse(MeshCertificate.privateKey(key).toString().contains(key.publicKey().toString()));
  }

  private X509Certificate issue(byte[] credential) {
    return MeshCertificate.issue(key, credential, BigInteger.TEN, FROM, TO);
  }
}
