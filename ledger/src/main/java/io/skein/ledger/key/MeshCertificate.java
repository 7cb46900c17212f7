package io.skein.ledger.key;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.jspecify.annotations.Nullable;

/// The certificate a node shows in TLS: self-signed X.509 with its Ed25519 key (RFC 8410), the
/// common name being its identity, and one private, not critical extension that carries its
/// credential. Nothing else in it means anything, its dates least of all: the ledger decides who
/// belongs, and a wrong clock must keep nobody out. An immutable value; any thread.
///
/// @param key the holder's key
/// @param credential content of the extension, opaque here, at most [#MAX_CREDENTIAL_BYTES]
public record MeshCertificate(PublicKey key, byte[] credential) {
  /// The extension: an arc that needs no registration, from the UUID
  /// 0d0b2444-f65e-46e1-8246-b55a939d16dc (ITU-T X.667).
  public static final String CREDENTIAL_OID = "2.25.17337814841155858050426815087762020060";

  /// Longest credential.
  public static final int MAX_CREDENTIAL_BYTES = 2_048;

  private static final byte[] KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final String ALGORITHM_OID = "1.3.101.112";
  private static final AlgorithmIdentifier ALGORITHM =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

  public MeshCertificate {
    credential = credential.clone();
  }

  /// A copy of the extension's content.
  @Override
  public byte[] credential() {
    return credential.clone();
  }

  /// Makes a certificate.
  ///
  /// @throws IllegalArgumentException if the credential is too long
  public static X509Certificate issue(
      SigningKey key, byte[] credential, BigInteger serial, Instant notBefore, Instant notAfter) {
    if (credential.length > MAX_CREDENTIAL_BYTES) {
      throw new IllegalArgumentException(
          "credential: " + credential.length + " bytes (expected: at most 2048)");
    }
    X500Name name = new X500Name("CN=" + key.nodeId());
    try {
      byte[] encoded =
          new X509v3CertificateBuilder(
                  name,
                  serial,
                  CertificateTime.of(notBefore),
                  CertificateTime.of(notAfter),
                  name,
                  new SubjectPublicKeyInfo(ALGORITHM, key.publicKey().toBytes()))
              .addExtension(
                  new ASN1ObjectIdentifier(CREDENTIAL_OID), false, new DEROctetString(credential))
              .build(new Signer(key))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException("a certificate of our own making cannot be read", e);
    }
  }

  /// Reads a certificate, from the network or not, and checks that its key signed it.
  ///
  /// @throws CertificateException if it is not one that [#issue] makes; the message says why
  public static MeshCertificate parse(X509Certificate certificate) throws CertificateException {
    PublicKey key = key(certificate.getPublicKey().getEncoded());
    if (!certificate.getSigAlgOID().equals(ALGORITHM_OID)
        || !key.verifies(certificate.getTBSCertificate(), certificate.getSignature())) {
      throw new CertificateException("certificate is not signed by its own Ed25519 key");
    }
    String name = "CN=" + key.nodeId();
    if (!certificate.getSubjectX500Principal().getName().equals(name)
        || !certificate.getIssuerX500Principal().getName().equals(name)) {
      throw new CertificateException("certificate does not name its key's identity");
    }
    if (certificate.hasUnsupportedCriticalExtension()) {
      throw new CertificateException("certificate has an unknown critical extension");
    }
    return new MeshCertificate(key, credential(certificate.getExtensionValue(CREDENTIAL_OID)));
  }

  /// The secret half as the JDK's TLS wants it.
  public static PrivateKey privateKey(SigningKey key) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new PKCS8EncodedKeySpec(Pkcs8.encode(key)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  private static PublicKey key(byte @Nullable [] encoded) throws CertificateException {
    if (encoded == null
        || encoded.length != KEY_PREFIX.length + PublicKey.BYTES
        || !Arrays.equals(encoded, 0, KEY_PREFIX.length, KEY_PREFIX, 0, KEY_PREFIX.length)) {
      throw new CertificateException("certificate has no Ed25519 key");
    }
    try {
      return PublicKey.of(Arrays.copyOfRange(encoded, KEY_PREFIX.length, encoded.length));
    } catch (IllegalArgumentException e) {
      throw new CertificateException("certificate has an unusable key", e);
    }
  }

  private static byte[] credential(byte @Nullable [] extension) throws CertificateException {
    if (extension == null) {
      throw new CertificateException("certificate carries no credential");
    }
    try {
      byte[] inner = ASN1OctetString.getInstance(extension).getOctets();
      byte[] credential = ASN1OctetString.getInstance(inner).getOctets();
      // The parser takes BER, which has more than one form for the same content.
      if (!Arrays.equals(inner, new DEROctetString(credential).getEncoded())) {
        throw new CertificateException("certificate's credential is malformed");
      }
      if (credential.length > MAX_CREDENTIAL_BYTES) {
        throw new CertificateException("certificate's credential is too long");
      }
      return credential;
    } catch (IllegalArgumentException | IOException e) {
      throw new CertificateException("certificate's credential is malformed", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MeshCertificate that
        && key.equals(that.key)
        && Arrays.equals(credential, that.credential);
  }

  @Override
  public int hashCode() {
    return key.hashCode() * 31 + Arrays.hashCode(credential);
  }

  private static final class Signer implements ContentSigner {
    private final SigningKey key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    Signer(SigningKey key) {
      this.key = key;
    }

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
      return key.sign(content.toByteArray());
    }
  }
}
