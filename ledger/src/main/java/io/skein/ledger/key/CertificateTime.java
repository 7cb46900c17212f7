package io.skein.ledger.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.x509.Time;

/// Dates of certificates (RFC 5280, 4.1.2.5): UTCTime from 1950 to 2049, else GeneralizedTime, to
/// the second. Written digit by digit: Bouncy Castle's own way from a date reads the formats of all
/// the world's languages first, for which a node's start would wait.
final class CertificateTime {
  private static final int UTC_FIRST = 1950;
  private static final int UTC_LAST = 2049;
  private static final int LAST = 9999;
  private static final int CENTURY = 100;

  private CertificateTime() {}

  /// @throws IllegalArgumentException before the year 0 or after 9999
  static Time of(Instant at) {
    LocalDateTime utc = LocalDateTime.ofEpochSecond(at.getEpochSecond(), 0, ZoneOffset.UTC);
    int year = utc.getYear();
    if (year < 0 || year > LAST) {
      throw new IllegalArgumentException("at: " + at + " (expected: a year of four digits)");
    }
    boolean brief = year >= UTC_FIRST && year <= UTC_LAST;
    StringBuilder text = new StringBuilder();
    if (!brief) {
      two(text, year / CENTURY);
    }
    two(text, year % CENTURY);
    two(text, utc.getMonthValue());
    two(text, utc.getDayOfMonth());
    two(text, utc.getHour());
    two(text, utc.getMinute());
    two(text, utc.getSecond());
    text.append('Z');
    byte[] der = ("  " + text).getBytes(StandardCharsets.US_ASCII);
    der[0] = (byte) (brief ? BERTags.UTC_TIME : BERTags.GENERALIZED_TIME);
    der[1] = (byte) text.length();
    try {
      return new Time(ASN1Primitive.fromByteArray(der));
    } catch (IOException e) {
      throw new IllegalStateException("a time of our own making cannot be read", e);
    }
  }

  private static void two(StringBuilder text, int number) {
    text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
