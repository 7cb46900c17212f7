package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.config.ListenerConfig.Protocol;
import io.skein.app.config.ListenerConfig.ProxyProtocol;
import io.skein.proxy.prelude.AddressRange;
import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.EndpointTls;
import io.skein.proxy.tls.ServerTlsConfig.ClientAuth;
import io.skein.proxy.tls.ServerTlsConfig.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a listener speaks.
final class ListenerConfigTest {
  @TempDir private Path folder;

  private ConfigOutcome load(String yaml) throws IOException {
    Path file = folder.resolve("skein.yaml");
    Files.writeString(file, yaml);
    return ConfigLoader.load(
        Optional.of(file), Map.of("HOME", folder.toString()), CommandLineOverrides.NONE);
  }

  @Test
  void everyKeyCanBeSet() throws IOException {
    NodeConfig config =
        assertInstanceOf(
                ConfigOutcome.Loaded.class,
                load(
                    """
                    listeners:
                      - name: db
                        bind: 127.0.0.1:5432
                        protocol: tcp
                        service: db
                        proxy-protocol: accept
                        proxy-sources: [10.0.0.0/8, "::1"]
                        idle: 1h
                        tls:
                          min-version: 1.3
                          ciphers: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
                          client-auth: require
                          client-ca-file: ca.pem
                          client-header: X-Subject
                          certificates:
                            - cert-file: a.pem
                              key-file: a.key
                              key-password-file: a.password
                              hosts: [a.example, "*.b.example"]
                      - {name: sni, bind: "127.0.0.1:443", protocol: tls-passthrough}
                      - {name: web, bind: "127.0.0.1:80"}
                    """))
            .config();
    ListenerConfig db =
        new ListenerConfig(
            "db",
            new HostPort("127.0.0.1", 5432),
            Protocol.TCP,
            "db",
            Optional.of(
                new ListenerTlsConfig(
                    List.of(
                        new CertificateFiles(
                            Path.of("a.pem"),
                            Path.of("a.key"),
                            Optional.of(Path.of("a.password")),
                            List.of("a.example", "*.b.example"))),
                    Version.TLS_1_3,
                    List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                    ClientAuth.REQUIRE,
                    Optional.of(Path.of("ca.pem")),
                    "X-Subject")),
            ProxyProtocol.ACCEPT,
            List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1")),
            Duration.ofHours(1),
            false,
            false);
    assertEquals(db, config.listeners().getFirst());
    assertEquals(
        List.of("tls", "tls", "http"),
        config.listeners().stream().map(ListenerConfig::scheme).toList());
    assertEquals(
        new ListenerConfig("web", new HostPort("127.0.0.1", 80), false),
        config.listeners().getLast());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "protocol: tcp; listeners[0].protocol; needs a service",
        "service: db; listeners[0].service; only a tcp listener",
        "'protocol: tls-passthrough, tls: {certificates: [{cert-file: a, key-file: b}]}';"
            + " listeners[0].tls; TLS ends at the endpoint",
        "'proxy-sources: [10.0.0.0/8]'; listeners[0].proxy-sources; there is no header",
        "'proxy-protocol: accept, proxy-sources: [10.0.0.1/8]'; listeners[0].proxy-sources[0];"
            + " beyond its prefix",
        "'protocol: tcp, service: db, receipt-header: true'; listeners[0].receipt-header; HTTP",
        "'protocol: tcp, service: db, debug-header: true'; listeners[0].debug-header; HTTP",
        "'tls: {}'; listeners[0].tls.certificates; one certificate",
        "'tls: {certificates: [{cert-file: a}]}'; listeners[0].tls.certificates[0]; key-file",
        "'tls: {certificates: [{cert-file: a, key-file: b}], client-auth: require}';"
            + " listeners[0].tls.client-auth; client-ca-file",
        "'tls: {certificates: [{cert-file: a, key-file: b}], client-header: X}';"
            + " listeners[0].tls.client-header; nobody is asked",
        "'tls: {certificates: [{cert-file: a, key-file: b}], ciphers: [RC4]}';"
            + " listeners[0].tls.ciphers[0]; no cipher suite",
        "'protocol: udp'; listeners[0].protocol; tls-passthrough",
        "'idle: 25h'; listeners[0].idle; 24h"
      })
  void refusesWhatCannotBe(String keys, String key, String why) throws IOException {
    ConfigOutcome.Invalid invalid =
        assertInstanceOf(
            ConfigOutcome.Invalid.class,
            load("listeners: [{name: a, bind: '127.0.0.1:0', " + keys + "}]\n"));
    String text = invalid.render();
    assertTrue(text.contains(key.strip()), text);
    assertTrue(text.contains(why.strip()), text);
    assertTrue(text.startsWith(folder.resolve("skein.yaml") + ":1:"), text);
  }

  @Test
  void aServiceSaysHowItsEndpointsAreSpokenTo() {
    String json =
        "{\"send-proxy\":\"v2\",\"tls\":{\"ca-file\":\"ca.pem\",\"cert-file\":\"c.pem\","
            + "\"key-file\":\"c.key\",\"server-name\":\"db.example\"}}";
    var document = Document.trafficWanted(json);
    assertEquals(List.of(), document.faults());
    assertEquals(json, document.text());
    assertEquals(
        new EndpointTls(
            true,
            Optional.of(Path.of("ca.pem")),
            Optional.of("db.example"),
            Optional.of(new CertificateFiles(Path.of("c.pem"), Path.of("c.key"))),
            List.of()),
        document.value().endpoints().tls());
    assertEquals(ProxyHeader.V2, document.value().endpoints().sendProxy());
    assertEquals(
        "/tls/key-file",
        Document.trafficWanted("{\"tls\":{\"key-file\":\"c.key\"}}").faults().getFirst().pointer());
    assertEquals(
        "/tls/ca-file",
        Document.trafficWanted("{\"tls\":{\"verify\":\"false\",\"ca-file\":\"c\"}}")
            .faults()
            .getFirst()
            .pointer());
  }
}
