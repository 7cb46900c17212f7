package io.skein.routing.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.routing.predict.Fingerprint.ClientKind;
import io.skein.routing.predict.Fingerprint.Credential;
import io.skein.routing.predict.Fingerprint.OriginKind;
import io.skein.routing.predict.Fingerprint.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTemplateTest {
  @ParameterizedTest
  @CsvSource({
    "/,/",
    "/users/17/orders,/users/{number}/orders",
    "/users/17/orders?page=3&x=/9,/users/{number}/orders",
    "/v1/items,/v1/items",
    "/a/123e4567-e89b-12d3-a456-426614174000,/a/{uuid}",
    "/blob/DEADBEEF01,/blob/{hex}",
    "/blob/deadbeef,/blob/deadbeef",
    "/t/eyJhbGciOi1JIU2zI14NiIsI,/t/{token}",
    "/t/a-very-long-slug-of-an-article-that-nobody-reads-twice,/t/{token}",
    "/t/a-shorter-slug-of-words,/t/a-shorter-slug-of-words",
    "/img/17.png,/img/17.png",
    "/1/2/3/4/5/6/7/8,/{number}/{number}/{number}/{number}/{number}/{number}/{number}/{number}",
    "/a/b/c/d/e/f/g/h/i/j,/a/b/c/d/e/f/g/h/{rest}",
    "*,/*"
  })
  void replacesWhatNamesSingleThings(String target, String template) {
    assertEquals(template, PathTemplate.of(target));
  }

  @Test
  void hashesAreEqualExactlyWhereTemplatesAre() {
    SplittableRandom random = new SplittableRandom(3);
    String[] parts = {
      "users", "17", "4711", "orders", "", "123e4567-e89b-12d3-a456-426614174000", "00ff00ff",
      "0123456789abcdef0", "v1", "x", "a1b2c3d4-zzzzzzzzzzz", "{number}", "?", "index.html"
    };
    Map<String, Long> seen = new HashMap<>();
    Map<Long, String> back = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder target = new StringBuilder();
      int segments = 1 + random.nextInt(10);
      for (int s = 0; s < segments; s++) {
        target.append('/').append(parts[random.nextInt(parts.length)]);
      }
      String path = target.toString();
      // A path may hold the very words that stand for something: those are words.
      String template = PathTemplate.of(path.replace("{number}", "{n}"));
      long hash = PathTemplate.hash(path.replace("{number}", "{n}"));
      Long before = seen.putIfAbsent(template, hash);
      assertEquals(before == null ? hash : before, hash, path);
      String other = back.putIfAbsent(hash, template);
      assertEquals(other == null ? template : other, template, path);
    }
  }

  @Test
  void aFingerprintIsAllOfItsParts() {
    long hash = hash("GET", "/a/1", Payload.NONE, Credential.NONE, ClientKind.TOOL);
    assertEquals(hash, hash("GET", "/a/2?q", Payload.NONE, Credential.NONE, ClientKind.TOOL));
    assertNotEquals(hash, hash("PUT", "/a/1", Payload.NONE, Credential.NONE, ClientKind.TOOL));
    assertNotEquals(hash, hash("GET", "/b/1", Payload.NONE, Credential.NONE, ClientKind.TOOL));
    assertNotEquals(hash, hash("GET", "/a/1", Payload.MORE, Credential.NONE, ClientKind.TOOL));
    assertNotEquals(hash, hash("GET", "/a/1", Payload.NONE, Credential.BASIC, ClientKind.TOOL));
    assertNotEquals(hash, hash("GET", "/a/1", Payload.NONE, Credential.NONE, ClientKind.NONE));
  }

  private static long hash(
      String method, String target, Payload payload, Credential credential, ClientKind client) {
    return Fingerprint.hash(method, target, payload, credential, client, OriginKind.PRIVATE);
  }

  @Test
  void partsAreReadFromFields() {
    assertEquals(Payload.NONE, Payload.of(""));
    assertEquals(Payload.NONE, Payload.of("0"));
    assertEquals(Payload.UP_TO_1K, Payload.of("1024"));
    assertEquals(Payload.UP_TO_16K, Payload.of("1025"));
    assertEquals(Payload.UP_TO_4M, Payload.of("4194304"));
    assertEquals(Payload.MORE, Payload.of("99999999999999999999999"));
    assertEquals(Credential.BEARER, Credential.of("Bearer abc"));
    assertEquals(Credential.BASIC, Credential.of("basic abc"));
    assertEquals(Credential.OTHER, Credential.of("Digest abc"));
    assertEquals(ClientKind.BROWSER, ClientKind.of("Mozilla/5.0 (X11; Linux x86_64) Firefox/140"));
    assertEquals(ClientKind.CRAWLER, ClientKind.of("Mozilla/5.0 (compatible; Example/1.0)"));
    assertEquals(ClientKind.TOOL, ClientKind.of("curl/8.1"));
    assertEquals(ClientKind.GRPC, ClientKind.of("grpc-java-netty/1.70"));
    assertEquals(ClientKind.PROGRAM, ClientKind.of("okhttp/4"));
    assertEquals(OriginKind.LOOPBACK, OriginKind.of("127.0.0.1"));
    assertEquals(OriginKind.LOOPBACK, OriginKind.of("0:0:0:0:0:0:0:1"));
    assertEquals(OriginKind.PRIVATE, OriginKind.of("172.16.9.1"));
    assertEquals(OriginKind.PRIVATE, OriginKind.of("10.1.2.3"));
    assertEquals(OriginKind.PRIVATE, OriginKind.of("fd00:0:0:0:0:0:0:1"));
    assertEquals(OriginKind.PUBLIC, OriginKind.of("172.32.0.1"));
    assertEquals(OriginKind.PUBLIC, OriginKind.of("2001:db8:0:0:0:0:0:1"));
    assertEquals(OriginKind.PUBLIC, OriginKind.of("unknown"));
  }
}
