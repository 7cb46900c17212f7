package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.skein.proxy.tls.CertificateFiles;
import io.skein.proxy.tls.Pems;
import io.skein.proxy.tls.ServerTls;
import io.skein.proxy.tls.ServerTlsConfig;
import io.skein.proxy.tls.TlsEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A listener whose certificate expires while it serves, and is replaced.
@Tag("net")
class ExpiryIT {
  private static final Duration GOOD_FOR = Duration.ofSeconds(3);
  private static final int REFUSED = 3;
  private static final int AFTERWARDS = 30;

  @TempDir private Path directory;

  private static SSLSocket dial(SSLContext context, int port) throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
    plain.setSoTimeout(20_000);
    return (SSLSocket) context.getSocketFactory().createSocket(plain, "a.example", port, true);
  }

  /// Why a request of a client that verifies was not answered; empty if it was.
  private static Optional<SSLException> refusal(Pems pems, int port) throws Exception {
    try (SSLSocket socket = dial(pems.verifyingClient(), port)) {
      socket.startHandshake();
      try (Client client = new Client(socket)) {
        assertEquals("x", client.get("/").body());
      }
      return Optional.empty();
    } catch (SSLException e) {
      return Optional.of(e);
    }
  }

  private static boolean isExpiry(Throwable failure) {
    return failure instanceof CertificateExpiredException
        || (failure.getCause() != null && isExpiry(failure.getCause()));
  }

  /// What an attempt has to end with is told by when it began and ended, so a slow machine makes it
  /// no less true.
  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void clientsThatVerifyAreLostOnlyUntilItIsReplacedAndConnectionsNever(TlsEngine engine)
      throws Exception {
    Pems pems = new Pems(directory);
    Instant end = Instant.now().plus(GOOD_FOR).truncatedTo(ChronoUnit.SECONDS);
    CertificateFiles files = pems.write("a", pems.bundle(Algorithm.ecp256, end, "a.example"));
    try (ServerTls tls = new ServerTls("tls", ServerTlsConfig.of(files), engine);
        Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      int port =
          Rig.await(
              rig.proxy.listen(
                  new ListenerConfig(
                      "tls", "127.0.0.1", 0, false, Optional.of(tls), Optional.empty(), "")));
      try (Client held = new Client(dial(pems.client(), port))) {
        assertEquals("x", held.get("/").body());
        for (int refused = 0; refused < REFUSED; ) {
          Instant began = Instant.now();
          Optional<SSLException> refusal = refusal(pems, port);
          // Clients compare whole milliseconds.
          if (began.isAfter(end.plusMillis(1))) {
            assertTrue(refusal.map(ExpiryIT::isExpiry).orElse(false), refusal::toString);
            refused++;
          } else if (Instant.now().isBefore(end)) {
            assertEquals(Optional.empty(), refusal);
          }
        }
        assertEquals("x", held.get("/").body());

        pems.write("a", "a.example");
        // The clock of a file system may not have moved on.
        Files.setLastModifiedTime(files.key(), FileTime.from(Instant.now().plusSeconds(1)));
        assertTrue(tls.reloadIfChanged());
        for (int i = 0; i < AFTERWARDS; i++) {
          assertEquals(Optional.empty(), refusal(pems, port));
        }
        assertEquals("x", held.get("/").body());
      }
    }
  }
}
