package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skein.ledger.key.NativeHandshakes;
import io.skein.ledger.key.SignatureLibrary;
import java.security.Security;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NativeSignaturesTest {
  @BeforeEach
  void othersHaveLoaded() throws InterruptedException {
    Optional<Thread> other = loading();
    while (other.isPresent()) {
      assertTrue(other.get().join(Duration.ofSeconds(30)));
      other = loading();
    }
    undo();
  }

  @AfterEach
  void undo() {
    System.clearProperty("skein.ed25519");
    SignatureLibrary.usePortable();
    NativeHandshakes.undo();
  }

  @Test
  void comeIntoForceOnceTheNodeIsUp() throws InterruptedException {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"));
    CountDownLatch up = NativeSignatures.soon();
    Thread loading = loading().orElseThrow();
    assertEquals("Bouncy Castle", SignatureLibrary.name());
    up.countDown();
    assertTrue(loading.join(Duration.ofSeconds(30)));
    assertTrue(SignatureLibrary.name().startsWith("AWS-LC"), SignatureLibrary::name);
    assertTrue(byTheLibrary(), "handshakes");
  }

  @Test
  void areLeftOutIfTheOperatorSaysSo() {
    System.setProperty("skein.ed25519", "portable");
    NativeSignatures.soon().countDown();
    assertEquals(Optional.empty(), loading());
    assertEquals("Bouncy Castle", SignatureLibrary.name());
    assertFalse(byTheLibrary(), "handshakes");
  }

  private static boolean byTheLibrary() {
    return Security.getProviders()[0].getInfo().contains("AWS-LC");
  }

  private static Optional<Thread> loading() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("skein-signatures"))
        .findAny();
  }
}
