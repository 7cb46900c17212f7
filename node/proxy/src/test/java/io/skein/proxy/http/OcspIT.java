package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.OcspCa;
import io.skein.proxy.tls.ServerTls;
import io.skein.proxy.tls.ServerTlsConfig;
import io.skein.proxy.tls.TlsEngine;
import io.skein.proxy.tls.UnusableCertificate;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `openssl s_client -status` sees.
@Tag("net")
@Timeout(60)
class OcspIT {
  @TempDir Path directory;

  @Test
  void theResponseIsStapledAndReadAgain() throws Exception {
    assumeTrue(OpenSsl.isAvailable() && OpenSsl.isOcspSupported());
    OcspCa ca = new OcspCa(directory);
    Path chain = ca.issue("a.example", "1234");
    Path response = ca.say("a.example", "1234", "V", "ca", "-ndays 1");
    CertificateFiles files =
        new CertificateFiles(
            chain, ca.key("a.example"), Optional.empty(), Optional.of(response), List.of());
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        ServerTls tls = new ServerTls("t", ServerTlsConfig.of(files), TlsEngine.FASTEST)) {
      int port =
          Rig.await(
              rig.proxy.listen(
                  new ListenerConfig(
                      "tls", "127.0.0.1", 0, false, Optional.of(tls), Optional.empty(), "")));
      for (String version : List.of("-tls1_2", "-tls1_3")) {
        String seen = status(port, version);
        assertTrue(seen.contains("OCSP Response Status: successful"), seen);
        assertTrue(seen.contains("Cert Status: good"), seen);
        assertTrue(seen.contains("Verify return code: 0"), seen);
      }

      // A newer one is shown to the next handshake.
      Path _ = ca.say("a.example", "1234", "V", "ca", "-ndays 2");
      touch(response, 20);
      assertTrue(tls.reloadIfChanged());
      assertTrue(status(port, "-tls1_3").contains("Cert Status: good"));

      // One that says something else never comes in force.
      Path _ = ca.say("a.example", "1234", "R", "ca", "-ndays 1");
      touch(response, 30);
      assertFalse(tls.reloadIfChanged());
      assertEquals(1, tls.failedReloads());
      assertTrue(status(port, "-tls1_3").contains("Cert Status: good"));
      assertThrows(
          UnusableCertificate.class,
          () -> {
            try (ServerTls never =
                new ServerTls("u", ServerTlsConfig.of(files), TlsEngine.FASTEST)) {
              assertEquals("u", never.name());
            }
          });
    }
  }

  private static void touch(Path file, int seconds) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
  }

  private String status(int port, String version) throws Exception {
    Process process =
        new ProcessBuilder(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + port,
                "-servername",
                "a.example",
                "-CAfile",
                directory.resolve("ca.pem").toString(),
                "-status",
                version)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      return said;
    }
  }
}
