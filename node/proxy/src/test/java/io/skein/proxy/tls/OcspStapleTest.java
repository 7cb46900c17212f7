package io.skein.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Responses that openssl made, and broken ones.
final class OcspStapleTest {
  @TempDir Path directory;

  @Test
  void onlyAGoodWordOfTheIssuerAboutThisCertificateIsTaken() throws Exception {
    OcspCa ca = new OcspCa(directory);
    List<X509Certificate> chain = LoadedCertificate.certificates(ca.issue("a.example", "1234"));
    List<X509Certificate> other = LoadedCertificate.certificates(ca.issue("b.example", "5678"));
    Path good = ca.say("a.example", "1234", "V", "ca", "-ndays 1");
    OcspStaple staple = OcspStaple.read(good, chain);
    Instant now = Instant.now();
    assertTrue(staple.holds(now));
    assertFalse(staple.holds(now.plus(Duration.ofHours(25))));
    assertFalse(staple.holds(now.minus(Duration.ofHours(1))));
    refused(good, other, "about another certificate");
    refused(good, chain.subList(0, 1), "lacks the certificate of the issuer");

    byte[] bytes = Files.readAllBytes(good);
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      // Whatever becomes of it, it is refused or it says the same.
      byte[] broken = bytes.clone();
      if (i % 2 == 0) {
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      } else {
        broken = java.util.Arrays.copyOf(broken, random.nextInt(broken.length));
      }
      Files.write(good, broken);
      try {
        assertTrue(OcspStaple.read(good, chain).holds(now));
      } catch (UnusableCertificate e) {
        assertTrue(String.valueOf(e.getMessage()).contains("OCSP"), e::toString);
      }
    }

    refused(ca.say("a.example", "1234", "R", "ca", "-ndays 1"), chain, "revoked");
    refused(ca.say("a.example", "1234", "", "ca", "-ndays 1"), chain, "unknown");
    refused(ca.say("a.example", "1234", "V", "ca", ""), chain, "no end");

    ca.appoint("responder", "OCSPSigning");
    OcspStaple _ =
        OcspStaple.read(ca.say("a.example", "1234", "V", "responder", "-ndays 1"), chain);
    ca.appoint("server", "serverAuth");
    refused(ca.say("a.example", "1234", "V", "server", "-ndays 1"), chain, "not signed by");
  }

  private static void refused(Path file, List<X509Certificate> chain, String why) {
    UnusableCertificate e =
        assertThrows(UnusableCertificate.class, () -> OcspStaple.read(file, chain));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e::toString);
  }
}
