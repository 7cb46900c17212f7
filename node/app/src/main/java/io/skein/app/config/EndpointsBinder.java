package io.skein.app.config;

import io.skein.app.traffic.Traffic;
import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.EndpointTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Binds how a service's endpoints are spoken to. Files are named as they lie on every node that
/// reaches an endpoint.
final class EndpointsBinder {
  private EndpointsBinder() {}

  static Traffic.Endpoints bind(Section service) {
    EndpointTls tls = service.section("tls", EndpointsBinder::tls);
    return new Traffic.Endpoints(
        tls,
        service.value(
            "send-proxy",
            ValueType.word(ProxyHeader.values(), ProxyHeader::word),
            ProxyHeader.NONE));
  }

  private static EndpointTls tls(Section section) {
    boolean verify = section.value("verify", ValueType.SWITCH, true);
    Optional<Path> ca = section.optional("ca-file", ValueType.FILE);
    Optional<String> serverName = section.optional("server-name", ValueType.HOST);
    Optional<Path> certificate = section.optional("cert-file", ValueType.FILE);
    Optional<Path> key = section.optional("key-file", ValueType.FILE);
    return section.build(
        () -> {
          if (certificate.isPresent() != key.isPresent()) {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION,
                certificate.isPresent() ? "cert-file" : "key-file",
                "cert-file and key-file belong together");
          }
          if (!verify && ca.isPresent()) {
            throw new ConfigMistake(
                ConfigCode.CONTRADICTION, "ca-file", "verify is false: nobody is verified");
          }
          return new EndpointTls(
              verify,
              ca,
              serverName,
              certificate.flatMap(chain -> key.map(each -> new CertificateFiles(chain, each))),
              List.of());
        },
        () -> EndpointTls.DEFAULT);
  }
}
