package io.skein.proxy.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How TLS is spoken to endpoints.
///
/// @param verify whether the endpoint's certificate must be sound and be for the name asked for
/// @param ca file with the CAs to trust; empty: the system's
/// @param serverName the name to ask for and to verify; empty: the endpoint's host
/// @param identity the certificate to show, if asked
/// @param alpn protocols offered, in falling preference; empty: none
public record EndpointTls(
    boolean verify,
    Optional<Path> ca,
    Optional<String> serverName,
    Optional<CertificateFiles> identity,
    List<String> alpn) {
  /// Verified by the system's CAs, under the endpoint's host name.
  public static final EndpointTls DEFAULT =
      new EndpointTls(true, Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public EndpointTls {
    alpn = List.copyOf(alpn);
  }

  /// The same with other protocols offered.
  public EndpointTls withAlpn(List<String> protocols) {
    return new EndpointTls(verify, ca, serverName, identity, protocols);
  }
}
