package io.skein.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LoadedCertificateTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
  void readsACertificateWithItsKeyAndNames(Algorithm algorithm) throws Exception {
    Pems pems = new Pems(directory);
    Instant end = Instant.now().plus(Duration.ofDays(5));
    CertificateFiles files =
        pems.write("a", pems.bundle(algorithm, end, "a.example", "*.b.example"));
    LoadedCertificate read = LoadedCertificate.read(files);
    assertEquals(Set.of("a.example", "*.b.example"), read.hosts());
    assertEquals(end.getEpochSecond(), read.notAfter().getEpochSecond());
    assertEquals(Optional.empty(), read.outOfDate(Instant.now()));
    assertTrue(read.outOfDate(end.plusSeconds(60)).orElseThrow().contains("expired"));
    assertTrue(read.outOfDate(Instant.EPOCH).orElseThrow().contains("valid from"));
    CertificateFiles named =
        new CertificateFiles(
            files.chain(), files.key(), Optional.empty(), List.of("other.example"));
    assertEquals(Set.of("other.example"), LoadedCertificate.read(named).hosts());
  }

  @ParameterizedTest
  @CsvSource({
    "rsa -traditional, RSA",
    "ec, EC",
    "pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret, RSA"
  })
  void readsTheKeysThatOpensslWrites(String how, String kind) throws Exception {
    Pems pems = new Pems(directory);
    Algorithm algorithm = kind.equals("RSA") ? Algorithm.rsa2048 : Algorithm.ecp256;
    CertificateFiles files =
        pems.write("a", pems.bundle(algorithm, Instant.now().plusSeconds(600), "a.example"));
    Path key = directory.resolve("other.key");
    Path password = Files.writeString(directory.resolve("password"), "secret\n");
    String command = "openssl " + how + " -in " + files.key() + " -out " + key;
    Process openssl;
    try {
      openssl = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    } catch (java.io.IOException e) {
      assumeTrue(false, "openssl is not installed");
      return;
    }
    assertTrue(openssl.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, openssl.exitValue(), () -> command);
    CertificateFiles other =
        new CertificateFiles(
            files.chain(),
            key,
            how.contains("topk8") ? Optional.of(password) : Optional.empty(),
            List.of());
    assertEquals(Set.of("a.example"), LoadedCertificate.read(other).hosts());
    if (how.contains("topk8")) {
      assertRefused(new CertificateFiles(files.chain(), key), "no password");
      Files.writeString(password, "wrong");
      assertRefused(other, "no usable key");
    }
  }

  @Test
  void saysWhatIsWrongWithFiles() throws Exception {
    Pems pems = new Pems(directory);
    CertificateFiles a = pems.write("a", "a.example");
    CertificateFiles b = pems.write("b", "b.example");
    assertRefused(new CertificateFiles(a.chain(), b.key()), "is not the key of the certificate");
    assertRefused(new CertificateFiles(a.key(), a.key()), "no certificate");
    assertRefused(new CertificateFiles(a.chain(), a.chain()), "no private key");
    assertRefused(new CertificateFiles(directory.resolve("gone"), a.key()), "gone cannot be read");
    Path large = directory.resolve("large");
    Files.write(large, new byte[(1 << 20) + 1]);
    assertRefused(new CertificateFiles(large, a.key()), "larger than 1 MiB");
    Path cut = directory.resolve("cut");
    String text = Files.readString(a.key());
    Files.writeString(cut, text.substring(0, 60) + text.substring(text.indexOf("\n-----END")));
    assertRefused(new CertificateFiles(a.chain(), cut), "no usable key");
  }

  private static void assertRefused(CertificateFiles files, String why) {
    String message =
        String.valueOf(
            assertThrows(UnusableCertificate.class, () -> LoadedCertificate.read(files))
                .getMessage());
    assertTrue(message.contains(why), message);
  }
}
