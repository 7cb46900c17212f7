package io.skein.app;

import io.skein.ledger.admission.Credential;
import io.skein.ledger.key.SigningKey;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/// This node's certificate: made anew at each start, so that its dates never matter.
final class Certificates {
  private static final Duration BACK = Duration.ofDays(1);
  private static final Duration AHEAD = Duration.ofDays(3_650);

  private Certificates() {}

  static X509Certificate of(Credential credential, SigningKey key, Instant now) {
    return credential.certificate(
        key, BigInteger.valueOf(now.toEpochMilli()), now.minus(BACK), now.plus(AHEAD));
  }
}
