package io.skein.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A certificate chain and its key, read and checked against each other. Any thread.
///
/// @param files where it was read
/// @param chain the certificate, then those above it
/// @param key its key
/// @param hosts names it is for, in lower case; may begin with `*.`
/// @param ocsp what its CA says of it, if there is a file
public record LoadedCertificate(
    CertificateFiles files,
    List<X509Certificate> chain,
    PrivateKey key,
    Set<String> hosts,
    Optional<OcspStaple> ocsp) {
  private static final long MAX_FILE_BYTES = 1 << 20;
  private static final int DNS_NAME = 2;
  private static final byte[] PROOF = "skein".getBytes(StandardCharsets.US_ASCII);

  /// Reads and checks; blocks on the disk.
  ///
  /// @throws UnusableCertificate naming the file and what is wrong with it
  public static LoadedCertificate read(CertificateFiles files) throws UnusableCertificate {
    List<X509Certificate> chain = certificates(files.chain());
    X509Certificate own = chain.getFirst();
    String password =
        files.password().isEmpty()
            ? ""
            : text(files.password().get()).lines().findFirst().orElse("").strip();
    PrivateKey key;
    try {
      key = PemKey.read(text(files.key()), password, own.getPublicKey().getAlgorithm());
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableCertificate(files.key() + " holds no usable key: " + e.getMessage(), e);
    }
    if (!belong(own.getPublicKey(), key)) {
      throw new UnusableCertificate(
          files.key() + " is not the key of the certificate in " + files.chain());
    }
    Optional<OcspStaple> ocsp =
        files.ocsp().isEmpty()
            ? Optional.empty()
            : Optional.of(OcspStaple.read(files.ocsp().get(), chain));
    return new LoadedCertificate(files, chain, key, names(files, own), ocsp);
  }

  /// The certificates of a PEM file, one at least.
  public static List<X509Certificate> certificates(Path file) throws UnusableCertificate {
    byte[] bytes = text(file).getBytes(StandardCharsets.ISO_8859_1);
    try {
      Collection<? extends java.security.cert.Certificate> read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      List<X509Certificate> chain = new ArrayList<>();
      for (java.security.cert.Certificate each : read) {
        if (each instanceof X509Certificate certificate) {
          chain.add(certificate);
        }
      }
      if (!chain.isEmpty()) {
        return List.copyOf(chain);
      }
    } catch (CertificateException e) {
      throw new UnusableCertificate(file + " holds no certificate: " + e.getMessage(), e);
    }
    throw new UnusableCertificate(file + " holds no certificate");
  }

  /// When it ends.
  public Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /// What is wrong with its dates at `now`, if anything.
  public Optional<String> outOfDate(Instant now) {
    Instant begin = chain.getFirst().getNotBefore().toInstant();
    if (now.isAfter(notAfter())) {
      return Optional.of("the certificate in " + files.chain() + " expired at " + notAfter());
    }
    return now.isBefore(begin)
        ? Optional.of("the certificate in " + files.chain() + " is valid from " + begin + " only")
        : Optional.empty();
  }

  private static String text(Path file) throws UnusableCertificate {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new UnusableCertificate(file + " is larger than 1 MiB");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UnusableCertificate(file + " cannot be read: " + e, e);
    }
  }

  private static Set<String> names(CertificateFiles files, X509Certificate own)
      throws UnusableCertificate {
    Set<String> names = new LinkedHashSet<>(files.hosts());
    try {
      Collection<List<?>> alternatives = own.getSubjectAlternativeNames();
      if (names.isEmpty() && alternatives != null) {
        for (List<?> each : alternatives) {
          if (each.get(0) instanceof Integer kind
              && kind == DNS_NAME
              && each.get(1) instanceof String name) {
            names.add(name.toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateException e) {
      throw new UnusableCertificate(files.chain() + " names its hosts wrongly", e);
    }
    return names;
  }

  private static boolean belong(PublicKey open, PrivateKey key) {
    try {
      String scheme =
          switch (open.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> open.getAlgorithm();
          };
      Signature signing = Signature.getInstance(scheme);
      signing.initSign(key);
      signing.update(PROOF);
      byte[] signature = signing.sign();
      Signature verifying = Signature.getInstance(scheme);
      verifying.initVerify(open);
      verifying.update(PROOF);
      return verifying.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
