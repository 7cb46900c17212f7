package io.skein.proxy.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Certificates of a test, in files.
public final class Pems {
  private final X509Bundle ca;
  private final Path directory;

  public Pems(Path directory) throws Exception {
    this.directory = directory;
    this.ca =
        new CertificateBuilder()
            .algorithm(Algorithm.ecp256)
            .subject("CN=test ca")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Files.writeString(directory.resolve("ca.pem"), ca.getCertificatePEM());
  }

  public Path ca() {
    return directory.resolve("ca.pem");
  }

  public X509Bundle bundle(Algorithm algorithm, Instant end, String... hosts) throws Exception {
    CertificateBuilder builder =
        new CertificateBuilder()
            .algorithm(algorithm)
            .subject("CN=" + hosts[0].replace("*", "star"))
            .notBefore(Instant.now().minus(Duration.ofDays(2)))
            .notAfter(end);
    // By hand, because the builder takes no wildcards.
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (String host : hosts) {
      names.write(0x82);
      names.write(host.length());
      names.writeBytes(host.getBytes(StandardCharsets.US_ASCII));
    }
    byte[] sequence = new byte[names.size() + 2];
    sequence[0] = 0x30;
    sequence[1] = (byte) names.size();
    System.arraycopy(names.toByteArray(), 0, sequence, 2, names.size());
    return builder.addExtensionOctetString("2.5.29.17", false, sequence).buildIssuedBy(ca);
  }

  /// Writes a certificate for `hosts` into `NAME.pem` and `NAME.key`.
  public CertificateFiles write(String name, String... hosts) throws Exception {
    return write(name, bundle(Algorithm.ecp256, Instant.now().plus(Duration.ofDays(90)), hosts));
  }

  public CertificateFiles write(String name, X509Bundle bundle) throws IOException {
    Path chain = directory.resolve(name + ".pem");
    Path key = directory.resolve(name + ".key");
    // The key first: who looks in between sees two that do not belong together.
    Files.writeString(key, bundle.getPrivateKeyPEM());
    Files.writeString(chain, bundle.getCertificatePathPEM());
    return new CertificateFiles(chain, key);
  }

  /// Trusts this CA, and shows `own` if there is one.
  public SSLContext client(X509Bundle... own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(own.length == 0 ? null : own[0].toKeyStore(new char[0]), new char[0]);
    context.init(
        keys.getKeyManagers(),
        new TrustManager[] {new Issued(ca.getCertificate())},
        new SecureRandom());
    return context;
  }

  /// Trusts this CA and looks at dates. One for each connection: whoever resumes a session is not
  /// shown a certificate.
  public SSLContext verifyingClient() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, new char[0]);
    trusted.setCertificateEntry("ca", ca.getCertificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[0], trust.getTrustManagers(), new SecureRandom());
    return context;
  }

  /// Trusts what one CA issued, whatever its name: tests look at names themselves.
  private record Issued(X509Certificate ca) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws java.security.cert.CertificateException {
      try {
        chain[0].verify(ca.getPublicKey());
      } catch (java.security.GeneralSecurityException e) {
        throw new java.security.cert.CertificateException(e);
      }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {ca};
    }
  }
}
