package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.key.MeshCertificate;
import io.skein.ledger.key.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/// Certificates from any bytes: as a certificate, as the raw value of the credential's extension in
/// a certificate that is otherwise sound, and as the claim inside that extension.
public final class CertificateFuzz {
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);
  private static final AlgorithmIdentifier ALGORITHM =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
  private static final Date FROM = Date.from(Instant.ofEpochSecond(1_000_000_000));
  private static final Date TO = Date.from(Instant.ofEpochSecond(4_000_000_000L));

  private CertificateFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    parse(input);
    X509Certificate extended = certificate(withExtension(input));
    if (read(input, extended).isPresent()) {
      byte[] content = MeshCertificate.parse(extended).credential();
      assertArrayEquals(new DEROctetString(content).getEncoded(), input);
    }
    if (input.length <= MeshCertificate.MAX_CREDENTIAL_BYTES) {
      X509Certificate issued =
          MeshCertificate.issue(KEY, input, BigInteger.ONE, FROM.toInstant(), TO.toInstant());
      assertArrayEquals(input, MeshCertificate.parse(issued).credential());
      read(input, issued).ifPresent(credential -> assertSame(input, credential));
    }
  }

  /// What was read, issued again, carries the same claim.
  private static void assertSame(byte[] claim, Credential credential) {
    X509Certificate again =
        credential.certificate(KEY, BigInteger.TWO, FROM.toInstant(), TO.toInstant());
    try {
      assertArrayEquals(claim, MeshCertificate.parse(again).credential());
      assertEquals(credential, Credential.of(again));
    } catch (CertificateException e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate certificate(byte[] encoded) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static void parse(byte[] encoded) throws Exception {
    X509Certificate certificate;
    try {
      certificate = certificate(encoded);
    } catch (CertificateException | RuntimeException _) {
      // The JDK's parser throws what it should not (found-empty-key); in a handshake the JDK wraps
      // it, see MeshTlsIT. What is read from here on is this module's.
      return;
    }
    read(encoded, certificate);
  }

  private static Optional<Credential> read(byte[] input, X509Certificate certificate)
      throws Exception {
    return Allocation.bounded(
        input,
        64,
        () -> {
          try {
            Credential credential = Credential.of(certificate);
            credential.proves();
            return Optional.of(credential);
          } catch (CertificateException e) {
            assertFalse(String.valueOf(e.getMessage()).isBlank());
            return Optional.empty();
          }
        });
  }

  private static byte[] withExtension(byte[] value) throws Exception {
    X500Name name = new X500Name("CN=" + KEY.nodeId());
    return new X509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            FROM,
            TO,
            name,
            new SubjectPublicKeyInfo(ALGORITHM, KEY.publicKey().toBytes()))
        .addExtension(new ASN1ObjectIdentifier(MeshCertificate.CREDENTIAL_OID), false, value)
        .build(new Signer())
        .getEncoded();
  }

  private static final class Signer implements ContentSigner {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return ALGORITHM;
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      return KEY.sign(content.toByteArray());
    }
  }
}
