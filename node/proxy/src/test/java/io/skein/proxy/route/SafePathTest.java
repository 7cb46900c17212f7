package io.skein.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafePathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/b?c=//../%2f;x, /a/b?c=//../%2f;x",
    "//admin, /admin",
    "///a////b//, /a/b/",
    "/./a/./b/., /a/b/",
    "/a/../b, /b",
    "/a/b/.., /a/",
    "/a/..?q, /?q",
    "/x/%2e%2e/admin, /admin",
    "/x/%2E./admin, /admin",
    "/x/.%2e/admin, /admin",
    "/%61dmin, /admin",
    "/a%7eb%5f, /a~b_",
    "/%c3%a4, /%C3%A4",
    "/%252e%252e/a, /%252e%252e/a",
    "/a%3bb%3F, /a%3Bb%3F",
    "/admin;x=1/y, /admin;x=1/y",
    "/.well-known/x, /.well-known/x",
    "/..., /...",
    "/a..b, /a..b",
  })
  void pathsHaveOneForm(String target, String form) {
    assertEquals(form, SafePath.of(target));
    assertEquals(form, SafePath.of(form));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "/..",
        "/a/../..",
        "/%2e%2e/",
        "/a%2fb",
        "/a%2Fb",
        "/%2f",
        "/x/..%2fadmin",
        "/a%5cb",
        "/a%5Cb",
        "/a\\b",
        "/a%00",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%2?f",
        "/a%-1",
        "/x/..;/admin",
        "/x/..;a=b/admin",
        "/x/%2e%2e;/admin",
        "/.;/a",
        "/;/a",
        "/a/;x/b",
        "/a#b",
        "/a b",
        "/a\u007f"
      })
  void whatEndpointsReadInSeveralWaysIsRefused(String target) {
    assertEquals(SafePath.REFUSED, SafePath.of(target));
  }

  @ParameterizedTest
  @CsvSource({
    "/admin;x=1/y;z, /admin/y",
    "/a;b?c;d, /a?c;d",
    "/a?c;d, /a?c;d",
  })
  void rulesSeeNoParameters(String target, String seen) {
    assertEquals(seen, SafePath.withoutParameters(target));
  }

  @Test
  void whatIsPlainCostsNothing() {
    String target = "/shop/item/7?id=9%2f";
    assertSame(target, SafePath.of(target));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aFormIsItsOwnFormAndHasNoTricks(long seed) {
    Random random = new Random(seed);
    String[] parts = {"/", "//", ".", "..", "%2e", "%2E", "a", "%61", "%25", ";", "?", "%2f", "b"};
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("/");
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      String form = SafePath.of(text.toString());
      if (!form.isEmpty()) {
        assertEquals(form, SafePath.of(form), text.toString());
        String seen = SafePath.withoutParameters(form);
        String path = seen.substring(0, SafePath.end(seen));
        for (String trick : new String[] {"//", "/./", "/../", "%2e", "%2f", "%61"}) {
          assertEquals(-1, (path + "/").replace("//", "/").indexOf(trick), text + " " + form);
        }
        assertEquals(-1, path.indexOf("//"), text + " " + form);
      }
    }
  }
}
