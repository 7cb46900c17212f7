package io.skein.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A CA's word that a certificate stands, to be handed out in handshakes (OCSP, RFC 6960, stapled
/// by RFC 6066 §8): a file in DER, read and checked before any client sees it. It must be about
/// that certificate, say that it is good, have an end, and be signed by the certificate's issuer or
/// by whom that issuer appointed (RFC 6960 §4.2.2.2). Immutable: any thread.
public final class OcspStaple {
  private static final int MAX_BYTES = 64 << 10;
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final String SIGNS_RESPONSES = "1.3.6.1.5.5.7.3.9";
  private static final byte[] BASIC = HexFormat.of().parseHex("2b0601050507300101");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);

  /// Hashes of certificate ids, by the content of their object id.
  private static final Map<String, String> HASHES =
      Map.of("2b0e03021a", "SHA-1", "608648016503040201", "SHA-256");

  /// Signatures, by the content of their object id; others are for [Signature] to refuse.
  private static final Map<String, String> SIGNATURES =
      Map.of(
          "2a864886f70d01010b", "SHA256withRSA",
          "2a864886f70d01010c", "SHA384withRSA",
          "2a864886f70d01010d", "SHA512withRSA",
          "2a8648ce3d040302", "SHA256withECDSA",
          "2a8648ce3d040303", "SHA384withECDSA",
          "2a8648ce3d040304", "SHA512withECDSA",
          "2b6570", "Ed25519");

  private final byte[] response;
  private final Instant from;
  private final Instant until;

  private OcspStaple(byte[] response, Instant from, Instant until) {
    this.response = response;
    this.from = from;
    this.until = until;
  }

  /// Reads and checks; blocks on the disk.
  ///
  /// @param chain the certificate, then its issuer
  /// @throws UnusableCertificate naming the file and what is wrong with it; dates are not
  static OcspStaple read(Path file, List<X509Certificate> chain) throws UnusableCertificate {
    byte[] bytes;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new UnusableCertificate(file + " is larger than 64 KiB");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnusableCertificate(file + " cannot be read: " + e, e);
    }
    if (chain.size() < 2) {
      throw new UnusableCertificate(
          file + " cannot be checked: the chain lacks the certificate of the issuer");
    }
    try {
      return parse(bytes, chain.get(0), chain.get(1));
    } catch (Der.Malformed e) {
      throw new UnusableCertificate(file + " is no usable OCSP response: " + e.getMessage(), e);
    } catch (GeneralSecurityException | DateTimeException e) {
      throw new UnusableCertificate(file + " is no usable OCSP response: " + e, e);
    }
  }

  /// Whether it may be shown at `now`.
  boolean holds(Instant now) {
    return !now.isBefore(from.minus(SKEW)) && now.isBefore(until);
  }

  /// When it ends.
  Instant until() {
    return until;
  }

  /// What clients get; not to be changed.
  byte[] response() {
    return response;
  }

  private static OcspStaple parse(byte[] bytes, X509Certificate own, X509Certificate issuer)
      throws Der.Malformed, GeneralSecurityException {
    Der outer = new Der(bytes).next(Der.SEQUENCE);
    byte[] status = outer.next(Der.ENUMERATED).content();
    if (status.length != 1 || status[0] != 0) {
      throw new Der.Malformed("the responder refused");
    }
    Der wrapped = outer.next(0xa0).next(Der.SEQUENCE);
    if (!Arrays.equals(wrapped.next(Der.OBJECT_ID).content(), BASIC)) {
      throw new Der.Malformed("not of the basic type");
    }
    Der basic = new Der(wrapped.next(Der.OCTET_STRING).content()).next(Der.SEQUENCE);
    byte[] signed = basic.whole();
    Der algorithm = basic.next(Der.SEQUENCE);
    byte[] signature = basic.next(Der.BIT_STRING).content();
    List<X509Certificate> signers = new ArrayList<>(List.of(issuer));
    if (basic.tag() == 0xa0) {
      signers.addAll(appointed(basic.next(0xa0).next(Der.SEQUENCE), issuer));
    }
    verify(signed, algorithm, signature, signers);
    return single(bytes, new Der(signed).next(Der.SEQUENCE), own, issuer);
  }

  /// Those of the enclosed certificates that the issuer appointed.
  private static List<X509Certificate> appointed(Der certificates, X509Certificate issuer)
      throws Der.Malformed, GeneralSecurityException {
    List<X509Certificate> signers = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    while (!certificates.isEmpty() && signers.size() < 4) {
      X509Certificate each =
          (X509Certificate)
              factory.generateCertificate(new ByteArrayInputStream(certificates.whole()));
      List<String> uses = each.getExtendedKeyUsage();
      if (uses != null && uses.contains(SIGNS_RESPONSES)) {
        each.verify(issuer.getPublicKey());
        each.checkValidity();
        signers.add(each);
      }
    }
    return signers;
  }

  private static void verify(
      byte[] signed, Der algorithm, byte[] bits, List<X509Certificate> signers)
      throws Der.Malformed, GeneralSecurityException {
    String id = HexFormat.of().formatHex(algorithm.next(Der.OBJECT_ID).content());
    String name = SIGNATURES.get(id);
    if (name == null || bits.length < 2 || bits[0] != 0) {
      throw new Der.Malformed("a signature of an unknown kind");
    }
    for (X509Certificate signer : signers) {
      if (isBy(signer.getPublicKey(), name, signed, Arrays.copyOfRange(bits, 1, bits.length))) {
        return;
      }
    }
    throw new Der.Malformed("not signed by the certificate's issuer, nor by whom that appointed");
  }

  private static boolean isBy(PublicKey key, String name, byte[] signed, byte[] signature) {
    try {
      Signature verifying = Signature.getInstance(name);
      verifying.initVerify(key);
      verifying.update(signed);
      return verifying.verify(signature);
    } catch (GeneralSecurityException e) {
      // A key of another kind.
      return false;
    }
  }

  private static OcspStaple single(
      byte[] bytes, Der data, X509Certificate own, X509Certificate issuer)
      throws Der.Malformed, GeneralSecurityException {
    if (data.tag() == 0xa0) {
      Der _ = data.next(0xa0);
    }
    Der _ = data.next();
    Der _ = data.next(Der.GENERALIZED_TIME);
    Der all = data.next(Der.SEQUENCE);
    while (!all.isEmpty()) {
      Der each = all.next(Der.SEQUENCE);
      if (!isAbout(each.next(Der.SEQUENCE), own, issuer)) {
        continue;
      }
      int status = each.tag();
      Der _ = each.next();
      if (status != 0x80) {
        throw new Der.Malformed(
            status == 0xa1 ? "the certificate is revoked" : "the certificate is unknown");
      }
      Instant from = time(each.next(Der.GENERALIZED_TIME));
      if (each.tag() != 0xa0) {
        throw new Der.Malformed("it has no end (nextUpdate)");
      }
      return new OcspStaple(bytes, from, time(each.next(0xa0).next(Der.GENERALIZED_TIME)));
    }
    throw new Der.Malformed("it is about another certificate");
  }

  private static boolean isAbout(Der id, X509Certificate own, X509Certificate issuer)
      throws Der.Malformed, GeneralSecurityException {
    String oid = HexFormat.of().formatHex(id.next(Der.SEQUENCE).next(Der.OBJECT_ID).content());
    byte[] name = id.next(Der.OCTET_STRING).content();
    byte[] key = id.next(Der.OCTET_STRING).content();
    byte[] serial = id.next(Der.INTEGER).content();
    String hash = HASHES.get(oid);
    if (hash == null || serial.length == 0) {
      return false;
    }
    // SubjectPublicKeyInfo: the algorithm, then the key's bits after a byte that counts unused
    // ones.
    Der info = new Der(issuer.getPublicKey().getEncoded()).next(Der.SEQUENCE);
    Der _ = info.next(Der.SEQUENCE);
    byte[] bits = info.next(Der.BIT_STRING).content();
    MessageDigest digest = MessageDigest.getInstance(hash);
    return new BigInteger(serial).equals(own.getSerialNumber())
        && Arrays.equals(name, digest.digest(own.getIssuerX500Principal().getEncoded()))
        && Arrays.equals(key, digest.digest(Arrays.copyOfRange(bits, 1, bits.length)));
  }

  private static Instant time(Der time) {
    String text = new String(time.content(), StandardCharsets.US_ASCII);
    return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
  }
}
