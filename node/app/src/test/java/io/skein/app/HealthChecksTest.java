package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.app.config.HealthConfig;
import io.skein.app.config.RoutingPolicy;
import io.skein.app.config.ServiceConfig;
import io.skein.app.traffic.HealthWish;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.health.Check;
import io.skein.proxy.health.Pace;
import io.skein.proxy.health.Probe;
import io.skein.proxy.route.Target.EndpointTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the file says of a check travels in the service, and is what is done.
final class HealthChecksTest {
  private static final PutEndpoint ENDPOINT =
      new PutEndpoint("orders", "orders/a", "http://127.0.0.1:8081", Optional.empty(), "eu", 1);

  @Test
  void aServiceIsCheckedAsItIsConfigured() {
    PutService service =
        ConfiguredServices.put(
            orders(new HealthConfig("/up", Duration.ofSeconds(7), Duration.ofMillis(250))));

    assertEquals(
        Optional.of(
            new Check(
                "orders/a",
                new EndpointTarget("127.0.0.1", 8081),
                Probe.Http.get("/up"),
                Pace.every(Duration.ofSeconds(7), Duration.ofMillis(250)))),
        HealthChecks.of(service, ENDPOINT, HealthWish.DEFAULT));
  }

  @Test
  void aServiceWithoutAPathIsNotChecked() {
    assertEquals(
        Optional.empty(),
        HealthChecks.of(ConfiguredServices.put(orders()), ENDPOINT, HealthWish.DEFAULT));
  }

  private static ServiceConfig orders(HealthConfig... health) {
    return new ServiceConfig(
        "orders",
        RoutingPolicy.SKEIN,
        List.of(),
        "/",
        List.of(health).stream().findFirst(),
        Duration.ofSeconds(1),
        List.of());
  }
}
