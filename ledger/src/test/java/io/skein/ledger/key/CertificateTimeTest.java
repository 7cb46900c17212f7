package io.skein.ledger.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1583-01-01T00:00:00Z",
        "1949-12-31T23:59:59Z",
        "1950-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "2026-03-09T08:07:06Z",
        "2048-02-29T12:34:56.789Z",
        "2049-12-31T23:59:59Z",
        "2050-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z"
      })
  void isWhatItIsToOthers(String at) throws IOException {
    Instant instant = Instant.parse(at);
    Time time = CertificateTime.of(instant);
    assertEquals(instant.getEpochSecond(), time.getDate().toInstant().getEpochSecond());
    assertArrayEquals(
        new Time(Date.from(instant)).getEncoded(ASN1Encoding.DER),
        time.getEncoded(ASN1Encoding.DER));
  }

  @Test
  void aYearOfFiveDigitsIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> CertificateTime.of(Instant.parse("+10000-01-01T00:00:00Z")));
  }
}
