package io.skein.proxy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompressionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                          | false
          gzip                        | true
          GZIP                        | true
          x-gzip                      | true
          gzip, deflate, br           | true
          br;q=1.0, gzip;q=0.8        | true
          br                          | false
          identity                    | false
          *                           | true
          *;q=0                       | false
          *, gzip;q=0                 | false
          gzip;q=0                    | false
          gzip;q=0.000                | false
          gzip;q=0.001                | true
          gzip ; Q = 0.5              | true
          gzip;q=0.5, identity        | false
          gzip;q=0.5, identity;q=0.5  | true
          gzip;q=1.5                  | false
          gzip;q=nonsense             | false
          gzip;q=NaN                  | false
          gzip;level=1                | false
          , ,gzip,                    | true
          gzippy                      | false
          """)
  void aClientTakesGzipByQuality(String acceptEncoding, boolean taken) {
    assertEquals(taken, Compression.wantsGzip(acceptEncoding));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/html                      | true
          text/html; charset=utf-8       | true
          TEXT/HTML ;a=b                 | true
          text/htmlx                     | false
          text                           | false
          image/svg+xml                  | true
          image/                         | false
          image/png                      | true
          application/json               | false
          ''                             | false
          """)
  void aTypeIsTakenWithoutItsParameters(String contentType, boolean taken) {
    assertEquals(taken, new Compression(List.of("text/html", "image/*"), 1, 1).suits(contentType));
  }

  @Test
  void whatIsNoTypeIsRefused() {
    for (String type : List.of("text", "*/*", "text/html;q=1", "", "text/ html")) {
      assertThrows(
          IllegalArgumentException.class, () -> new Compression(List.of(type), 1, 1), type);
    }
  }
}
