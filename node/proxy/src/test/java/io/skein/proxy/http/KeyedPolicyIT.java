package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.DeadEnd;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Selector;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.maglev.MaglevConfig;
import io.skein.routing.maglev.MaglevPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class KeyedPolicyIT {
  private record Keyed(Policy policy, CandidateSet set, RequestKey key) implements Selector {
    @Override
    public Decision choose(
        RequestClass request,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      throw new AssertionError("the request's key was not asked for");
    }

    @Override
    public Decision choose(
        RequestClass request,
        long hash,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      return policy.choose(request, hash, set, tried, nowNanos, random);
    }
  }

  private static void keyed(Rig rig, RequestKey key) {
    ServiceRoute old = rig.table.service("shop").orElseThrow();
    Policy maglev = new MaglevPolicy(MaglevConfig.DEFAULT);
    ServiceRoute route = old.with(new Keyed(maglev, new CandidateSet(rig.candidates), key));
    rig.table = new RouteTable(List.of(new RouteTable.Entry(route, List.of(), List.of())));
  }

  private static String body(Client client, String path, String user) throws Exception {
    return client
        .send("GET " + path + " HTTP/1.1\r\nHost: a\r\nX-User: " + user + "\r\n\r\n")
        .answer()
        .body();
  }

  @Test
  void aHeadersValueKeepsItsEndpointOnEveryConnectionAndAllAreUsed() throws Exception {
    try (Endpoint a = Endpoint.named("a");
        Endpoint b = Endpoint.named("b");
        Endpoint c = Endpoint.named("c");
        Rig rig = Rig.before(a, b, c)) {
      keyed(rig, new RequestKey(RequestKey.By.HEADER, "x-user"));
      Map<String, String> homes = new HashMap<>();
      for (int round = 0; round < 3; round++) {
        try (Client client = rig.client()) {
          for (int user = 0; user < 30; user++) {
            String at = body(client, "/" + round, "u" + user);
            assertEquals(homes.computeIfAbsent("u" + user, _ -> at), at);
          }
        }
      }
      assertEquals(Set.of("a", "b", "c"), new HashSet<>(homes.values()));
    }
  }

  @Test
  void aKeyWhoseEndpointIsDownGoesElsewhereAtOnce() throws Exception {
    try (Endpoint a = Endpoint.named("a");
        Endpoint b = Endpoint.named("b");
        DeadEnd dead = new DeadEnd();
        Rig rig = new Rig()) {
      rig.serve(
          Rig.PATIENT,
          Rig.FREE,
          new Target.EndpointTarget("127.0.0.1", a.port()),
          new Target.EndpointTarget("127.0.0.1", b.port()),
          dead.target());
      keyed(rig, new RequestKey(RequestKey.By.TARGET, ""));
      Set<String> seen = new HashSet<>();
      try (Client client = rig.client()) {
        for (int k = 0; k < 30; k++) {
          String at = body(client, "/item/" + k, "u");
          assertEquals(at, body(client, "/item/" + k, "other"));
          seen.add(at);
        }
      }
      assertEquals(Set.of("a", "b"), seen);
      assertTrue(rig.proxy.metrics().service("shop").retries() > 0);
    }
  }

  @Test
  void aClientsAddressIsOneKey() throws Exception {
    try (Endpoint a = Endpoint.named("a");
        Endpoint b = Endpoint.named("b");
        Rig rig = Rig.before(a, b)) {
      keyed(rig, new RequestKey(RequestKey.By.ADDRESS, ""));
      Set<String> seen = new HashSet<>();
      for (int k = 0; k < 5; k++) {
        try (Client client = rig.client()) {
          seen.add(body(client, "/" + k, "u" + k));
        }
      }
      assertEquals(1, seen.size());
      assertNotEquals(Set.of(""), seen);
    }
  }
}
