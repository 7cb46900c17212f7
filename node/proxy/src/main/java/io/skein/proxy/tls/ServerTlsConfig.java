package io.skein.proxy.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How a listener speaks TLS.
///
/// @param certificates one at least; the first is for clients that name none of the hosts
/// @param minVersion the oldest version spoken
/// @param ciphers names of cipher suites of TLS 1.2 in falling preference; empty:
///   [#MODERN_CIPHERS]. Those of TLS 1.3 are not negotiable
/// @param alpn protocols offered, in falling preference; empty: ALPN is not spoken
/// @param clientAuth whether clients show certificates
/// @param clientCas file with the CAs that clients' certificates come from; needed unless `NONE`
public record ServerTlsConfig(
    List<CertificateFiles> certificates,
    Version minVersion,
    List<String> ciphers,
    List<String> alpn,
    ClientAuth clientAuth,
    Optional<Path> clientCas) {
  /// Forward secrecy and authenticated encryption only: Mozilla's "intermediate" list of 2025
  /// (guideline 5.7) without its finite-field suites.
  public static final List<String> MODERN_CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /// A version of TLS.
  public enum Version {
    /// RFC 5246.
    TLS_1_2("1.2", "TLSv1.2"),
    /// RFC 8446.
    TLS_1_3("1.3", "TLSv1.3");

    private final String word;
    final String protocol;

    Version(String word, String protocol) {
      this.word = word;
      this.protocol = protocol;
    }

    /// The name in configuration: `1.2`.
    public String word() {
      return word;
    }
  }

  /// Whether clients show certificates.
  public enum ClientAuth {
    /// They are not asked.
    NONE,
    /// They are asked; what they show must be sound.
    OPTIONAL,
    /// Without a sound one there is no connection.
    REQUIRE;

    /// The name in configuration: `optional`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ServerTlsConfig {
    certificates = List.copyOf(certificates);
    ciphers = List.copyOf(ciphers);
    alpn = List.copyOf(alpn);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("certificates: none (expected: one at least)");
    }
    if (clientAuth != ClientAuth.NONE && clientCas.isEmpty()) {
      throw new IllegalArgumentException("clientCas: none (expected with client certificates)");
    }
  }

  /// TLS 1.2 and 1.3 with modern ciphers, no ALPN, no client certificates.
  public static ServerTlsConfig of(CertificateFiles... certificates) {
    return new ServerTlsConfig(
        List.of(certificates),
        Version.TLS_1_2,
        List.of(),
        List.of(),
        ClientAuth.NONE,
        Optional.empty());
  }

  /// The same with other protocols offered.
  public ServerTlsConfig withAlpn(List<String> protocols) {
    return new ServerTlsConfig(certificates, minVersion, ciphers, protocols, clientAuth, clientCas);
  }
}
