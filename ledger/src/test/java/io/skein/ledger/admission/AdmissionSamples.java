package io.skein.ledger.admission;

import io.skein.ledger.key.MeshCertificate;
import io.skein.ledger.vectors.Samples;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Join tokens and certificates of the sample mesh.
public final class AdmissionSamples {
  private static final Instant FROM = Instant.ofEpochSecond(1_000_000_000);
  private static final Instant TO = Instant.ofEpochSecond(4_000_000_000L);

  private AdmissionSamples() {}

  /// The token that admits the joiner.
  public static JoinToken token(Samples samples) {
    return new JoinToken(
        samples.meshId(),
        samples.invite().seed(),
        samples.founder().nodeId(),
        1_800_086_400_000L,
        "example");
  }

  /// Tokens in text and as the content under the checksum.
  public static Map<String, byte[]> tokens(Samples samples) {
    String text = token(samples).text();
    byte[] all = Base64.getUrlDecoder().decode(text.substring("skein1.".length()));
    Map<String, byte[]> tokens = new LinkedHashMap<>();
    tokens.put("text", text.getBytes(StandardCharsets.US_ASCII));
    tokens.put("content", Arrays.copyOf(all, all.length - 4));
    return tokens;
  }

  /// The founder's certificate.
  public static X509Certificate founder(Samples samples) {
    return Credential.ofFounder(samples.founder().publicKey(), samples.meshId(), "alpha")
        .certificate(samples.founder(), BigInteger.ONE, FROM, TO);
  }

  /// The joiner's certificate.
  public static X509Certificate joiner(Samples samples) {
    return token(samples)
        .credential(samples.joiner().publicKey(), "bêta")
        .certificate(samples.joiner(), BigInteger.ONE, FROM, TO);
  }

  /// The certificate of the founder's successor.
  public static X509Certificate successor(Samples samples) {
    return Credential.ofSuccessor(
            samples.successor().publicKey(),
            samples.meshId(),
            List.of(samples.sample("rotate")),
            "alpha")
        .certificate(samples.successor(), BigInteger.ONE, FROM, TO);
  }

  /// Certificates, and what their extensions hold.
  public static Map<String, byte[]> certificates(Samples samples)
      throws CertificateException, CertificateEncodingException {
    Map<String, byte[]> certificates = new LinkedHashMap<>();
    certificates.put("founder", founder(samples).getEncoded());
    certificates.put("founder-claim", MeshCertificate.parse(founder(samples)).credential());
    certificates.put("successor", successor(samples).getEncoded());
    certificates.put("successor-claim", MeshCertificate.parse(successor(samples)).credential());
    certificates.put("joiner", joiner(samples).getEncoded());
    certificates.put("joiner-claim", MeshCertificate.parse(joiner(samples)).credential());
    byte[] wrapped = joiner(samples).getExtensionValue(MeshCertificate.CREDENTIAL_OID);
    certificates.put("joiner-extension", Arrays.copyOfRange(wrapped, 4, wrapped.length));
    return certificates;
  }
}
