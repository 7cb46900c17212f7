package io.skein.proxy.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where a certificate and its key lie, both in PEM (RFC 7468).
///
/// @param chain the certificate and those above it, in this order
/// @param key its private key: PKCS #8, plain or encrypted, PKCS #1 or SEC 1
/// @param password file whose first line opens an encrypted key
/// @param ocsp the CA's response about it, in DER, that handshakes show
/// @param hosts names it is for, with `*.` for one label; empty: those it names itself
public record CertificateFiles(
    Path chain, Path key, Optional<Path> password, Optional<Path> ocsp, List<String> hosts) {
  public CertificateFiles {
    hosts = List.copyOf(hosts);
  }

  public CertificateFiles(Path chain, Path key) {
    this(chain, key, Optional.empty(), List.of());
  }

  public CertificateFiles(Path chain, Path key, Optional<Path> password, List<String> hosts) {
    this(chain, key, password, Optional.empty(), hosts);
  }
}
