package io.skein.proxy.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CorsTest {
  private static Cors of(String... origins) {
    return new Cors(List.of(origins), List.of(), List.of(), List.of(), false, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example, https://a.example, true",
    "https://a.example, http://a.example, false",
    "https://a.example, https://a.example:444, false",
    "https://a.example, https://a.example.evil, false",
    "https://a.example, https://A.example, false",
    "https://a.example:8443, https://a.example:8443, true",
    "https://*.a.example, https://b.a.example, true",
    "https://*.a.example, https://c.b.a.example, true",
    "https://*.a.example, https://a.example, false",
    "https://*.a.example, https://.a.example, false",
    "https://*.a.example, https://evila.example, false",
    "https://*.a.example, http://b.a.example, false",
    "https://*.a.example, https://evil.com/.a.example, false",
    "https://*.a.example, https://b.a.example:1, false",
    "https://*.a.example:1, https://b.a.example:1, true",
    "*, https://any.example, true",
    "*, null, true",
    "https://a.example, null, false",
  })
  void anOriginIsTakenAsBrowsersWriteIt(String form, String origin, boolean allowed) {
    assertEquals(allowed, of(form).allows(origin));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example",
        "https://a.example/",
        "https://A.example",
        "https://a.*.example",
        "https://*",
        "https://a.example:443",
        "http://a.example:80",
        "null",
        "",
        "https://a b"
      })
  void whatNoBrowserSendsIsRefused(String origin) {
    assertThrows(IllegalArgumentException.class, () -> of(origin));
  }

  @Test
  void credentialsNeverGoWithEveryOrigin() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Cors(List.of("*"), List.of(), List.of(), List.of(), true, 0));
  }

  @Test
  void anyHeaderMeansThoseAskedFor() {
    Cors any = new Cors(List.of("https://a.example"), List.of(), List.of("*"), List.of(), true, 0);

    assertEquals("x-a, X-B", any.headerList("x-a, X-B"));
    assertEquals("", any.headerList("x-a\r\nset-cookie: b"));
    assertEquals("", any.headerList("x".repeat(1_025)));
    assertEquals(
        "x-a, x-b",
        new Cors(List.of("*"), List.of(), List.of("X-A", "x-b"), List.of(), false, 0)
            .headerList("x-c"));
  }

  @Test
  void isOffWithoutOrigins() {
    assertFalse(Cors.OFF.on());
    assertTrue(of("*").on());
    assertTrue(of("*").open());
    assertFalse(of("https://a.example").open());
  }
}
