package io.skein.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AffinityTest {
  private static final int CLIENTS = 20_000;

  @Test
  void clientsSpreadByWeight() {
    Map<String, Integer> counts = new HashMap<>();
    Affinity affinity = affinity(List.of(), "a", "b", "c:2");
    for (int i = 0; i < CLIENTS; i++) {
      counts.merge(affinity.id(affinity.choose("client-" + i)), 1, Integer::sum);
    }
    // Five standard deviations of a binomial are at most 354.
    assertEquals(CLIENTS / 4.0, counts.getOrDefault("web/a", 0), 354, counts.toString());
    assertEquals(CLIENTS / 4.0, counts.getOrDefault("web/b", 0), 354, counts.toString());
    assertEquals(CLIENTS / 2.0, counts.getOrDefault("web/c", 0), 354, counts.toString());
  }

  @Test
  void onlyTheClientsOfAnEndpointThatGoesMove() {
    Affinity before = affinity(List.of(), "a", "b", "c", "d");
    Affinity after = affinity(List.of("b"), "a", "b", "c", "d");
    for (int i = 0; i < CLIENTS; i++) {
      String was = before.id(before.choose("client-" + i));
      String is = after.id(after.choose("client-" + i));
      assertTrue(was.equals("web/b") ? !is.equals("web/b") : is.equals(was));
    }
  }

  @Test
  void nodesThatListTheEndpointsInAnotherOrderAgree() {
    Affinity one = affinity(List.of(), "a", "b", "c:3");
    Affinity other = affinity(List.of(), "c:3", "a", "b");
    for (int i = 0; i < 1_000; i++) {
      assertEquals(one.id(one.choose("x" + i)), other.id(other.choose("x" + i)));
    }
  }

  @Test
  void anEndpointIsFoundWhileItKeepsItsClients() {
    Affinity affinity = affinity(List.of("b"), "a", "b");
    assertEquals(Affinity.NOWHERE, affinity.find("web/b"));
    assertEquals("web/a", affinity.id(affinity.find("web/a")));
    // What nodes of all versions agree on.
    assertEquals(0xc8da0957076cf2cdL, Affinity.token("web/a"));
  }

  // ---- cookies

  private static StickyKeys keys(int seed) {
    return new StickyKeys(secret(seed));
  }

  private static byte[] secret(int seed) {
    byte[] secret = new byte[StickyKeys.BYTES];
    secret[0] = (byte) seed;
    secret[31] = (byte) (seed >> 8);
    return secret;
  }

  private static Affinity signed(StickyKeys keys, String service) {
    StickyCookie cookie =
        new StickyCookie(
            service, "stay", "/", 0, StickyCookie.SameSite.LAX, false, true, false, keys);
    return new Affinity(
        Affinity.By.COOKIE,
        "",
        Optional.of(cookie),
        List.of(
            new Affinity.Place("web/a", 1, true, true, Policy.NOT_TRIED),
            new Affinity.Place("web/b", 1, false, false, Policy.NOT_TRIED)));
  }

  private static String value(Affinity affinity, String endpoint) {
    String set = affinity.cookie().orElseThrow().set(endpoint, false);
    return set.substring("stay=".length(), set.indexOf(';'));
  }

  @Test
  void aCookieLeadsToItsEndpointOnAllNodesThatKnowItsKey() {
    StickyKeys one = keys(1);
    StickyKeys two = keys(2);
    Affinity here = signed(one, "web");
    Affinity there = signed(two, "web");
    String cookie = value(here, "web/a");
    assertEquals(StickyCookie.DIGITS, cookie.length());
    assertEquals("web/a", here.id(here.find("x" + cookie, 1)));
    assertEquals(Affinity.NOWHERE, there.find(cookie, 0));
    two.learn(secret(1));
    assertEquals("web/a", there.id(there.find(cookie, 0)));
    assertEquals(Affinity.NOWHERE, here.find(value(here, "web/b"), 0), "it keeps nobody");
    assertNotEquals(cookie, value(there, "web/a"));
  }

  @Test
  void nobodyElseMakesACookie() {
    StickyKeys keys = keys(1);
    Affinity web = signed(keys, "web");
    String cookie = value(web, "web/a");
    for (int digit = 0; digit < cookie.length(); digit++) {
      char other = cookie.charAt(digit) == '0' ? '1' : '0';
      String forged = cookie.substring(0, digit) + other + cookie.substring(digit + 1);
      assertEquals(Affinity.NOWHERE, web.find(forged, 0), forged);
    }
    assertEquals(Affinity.NOWHERE, web.find(value(signed(keys, "other"), "web/a"), 0));
    assertEquals(Affinity.NOWHERE, web.find("z".repeat(40), 0));
    String token = HexFormat.of().toHexDigits(Affinity.token("web/a"));
    assertEquals(Affinity.NOWHERE, web.find(cookie.substring(0, 8) + token + token, 0));
  }

  @Test
  void keysAreKeptInBoundsAndItsOwnForEver() {
    StickyKeys keys = keys(1);
    String own = value(signed(keys, "web"), "web/a");
    String old = value(signed(keys(2), "web"), "web/a");
    String late = value(signed(keys(5_000), "web"), "web/a");
    for (int seed = 2; seed <= 5_000; seed++) {
      keys.learn(secret(seed));
    }
    Affinity web = signed(keys, "web");
    assertEquals(0, web.find(own, 0));
    assertEquals(0, web.find(late, 0));
    assertEquals(Affinity.NOWHERE, web.find(old, 0));
  }

  @Test
  void aCookieSaysWhatItsOperatorWants() {
    StickyCookie strict =
        new StickyCookie(
            "web", "s", "/a", 60, StickyCookie.SameSite.STRICT, true, false, true, keys(1));
    assertTrue(
        strict
            .set("web/a", false)
            .matches("s=[0-9a-f]{40}; Path=/a; SameSite=Strict; Secure; Max-Age=60"));
    StickyCookie usual = signed(keys(1), "web").cookie().orElseThrow();
    assertTrue(
        usual
            .set("web/a", true)
            .matches("stay=[0-9a-f]{40}; Path=/; HttpOnly; SameSite=Lax; Secure"));
  }

  @Test
  void nobodyIsThere() {
    assertEquals(Affinity.NOWHERE, affinity(List.of("a"), "a").choose("x"));
    assertEquals(Affinity.NOWHERE, Affinity.NONE.choose("x"));
  }

  private static Affinity affinity(List<String> out, String... names) {
    List<Affinity.Place> places = new ArrayList<>();
    for (String each : names) {
      String[] parts = each.split(":");
      boolean usable = !out.contains(parts[0]);
      Candidate way = Policy.NOT_TRIED;
      int weight = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
      places.add(new Affinity.Place("web/" + parts[0], weight, usable, usable, way));
    }
    return new Affinity(Affinity.By.ADDRESS, "", Optional.empty(), places);
  }
}
