package io.skein.app.config;

import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.ServerTlsConfig;
import io.skein.proxy.tls.ServerTlsConfig.ClientAuth;
import io.skein.proxy.tls.ServerTlsConfig.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A listener's `tls`.
///
/// @param certificates one at least, the first for clients that ask for none of the names
/// @param minVersion the oldest version spoken
/// @param ciphers suites of TLS 1.2 by their IANA names; empty: modern ones
/// @param clientAuth whether clients show certificates
/// @param clientCas file with the CAs of those
/// @param clientHeader header field in which HTTP endpoints learn a client's subject; empty: none
public record ListenerTlsConfig(
    List<CertificateFiles> certificates,
    Version minVersion,
    List<String> ciphers,
    ClientAuth clientAuth,
    Optional<Path> clientCas,
    String clientHeader) {
  static final int MAX_CERTIFICATES = 256;
  static final int MAX_CIPHERS = 32;
  static final int MAX_HOSTS = 64;

  public ListenerTlsConfig {
    certificates = List.copyOf(certificates);
    ciphers = List.copyOf(ciphers);
    if (certificates.isEmpty()) {
      throw new ConfigMistake(
          ConfigCode.MISSING_KEY, "certificates", "TLS needs one certificate at least");
    }
    if (clientAuth != ClientAuth.NONE && clientCas.isEmpty()) {
      throw new ConfigMistake(
          ConfigCode.CONTRADICTION,
          "client-auth",
          "'" + clientAuth.word() + "' needs client-ca-file: the CAs that vouch for clients");
    }
    if (clientAuth == ClientAuth.NONE && clientCas.isPresent()) {
      throw new ConfigMistake(
          ConfigCode.CONTRADICTION, "client-ca-file", "client-auth is 'none': nobody is asked");
    }
    if (clientAuth == ClientAuth.NONE && !clientHeader.isEmpty()) {
      throw new ConfigMistake(
          ConfigCode.CONTRADICTION, "client-header", "client-auth is 'none': nobody is asked");
    }
  }

  /// The same for the proxy.
  ///
  /// @param alpn protocols offered
  public ServerTlsConfig toServer(List<String> alpn) {
    return new ServerTlsConfig(certificates, minVersion, ciphers, alpn, clientAuth, clientCas);
  }
}
