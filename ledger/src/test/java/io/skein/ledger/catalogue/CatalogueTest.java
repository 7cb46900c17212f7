package io.skein.ledger.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.ServiceChange.RemoveEndpoint;
import io.skein.ledger.record.ServiceChange.RemoveService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class CatalogueTest {
  private static final NodeId LOW = new NodeId(1, 1);
  private static final NodeId HIGH = new NodeId(2, 1);

  private final Catalogue catalogue = new Catalogue();

  @Test
  void holdsServicesByNameAndEndpointsById() {
    catalogue.apply(service("web", 100), 1, LOW);
    catalogue.apply(endpoint("web", "b"), 2, LOW);
    catalogue.apply(endpoint("web", "a"), 3, HIGH);
    catalogue.apply(service("api", 100), 4, HIGH);

    assertEquals(List.of("api", "web"), List.copyOf(catalogue.view().keySet()));
    assertEquals(List.of("web/a", "web/b"), ids("web"));
    assertEquals(List.of(), ids("api"));
  }

  @Test
  void theNewestByClockWinsWhateverCameLast() {
    assertTrue(catalogue.apply(service("web", 300), 9, LOW));
    assertFalse(catalogue.apply(service("web", 100), 8, HIGH));
    assertEquals(300, entry("web").service().slowAfterMillis());
  }

  @Test
  void theGreaterAuthorWinsAtTheSameTime() {
    catalogue.apply(service("web", 300), 9, HIGH);
    catalogue.apply(service("web", 100), 9, LOW);
    assertEquals(300, entry("web").service().slowAfterMillis());
  }

  @Test
  void tellsWhenAnEndpointWasPutAsItStands() {
    assertEquals(OptionalLong.empty(), catalogue.put("web/a"));
    catalogue.apply(endpoint("web", "a"), 3, HIGH);
    catalogue.apply(endpoint("web", "a"), 2, LOW);
    assertEquals(OptionalLong.of(3), catalogue.put("web/a"));
    catalogue.apply(new RemoveEndpoint("web", "web/a"), 4, LOW);
    assertEquals(OptionalLong.empty(), catalogue.put("web/a"));
  }

  @Test
  void comparesClocksAsUnsigned() {
    catalogue.apply(service("web", 300), -1, LOW);
    catalogue.apply(service("web", 100), Long.MAX_VALUE, LOW);
    assertEquals(300, entry("web").service().slowAfterMillis());
  }

  @Test
  void remembersWhatAServiceWasInWhateverOrderItWasTold() {
    List<PutService> told = List.of(service("web", 1), service("web", 2), service("web", 3));
    for (List<Integer> order :
        List.of(
            List.of(0, 1, 2),
            List.of(0, 2, 1),
            List.of(1, 0, 2),
            List.of(1, 2, 0),
            List.of(2, 0, 1),
            List.of(2, 1, 0))) {
      Catalogue one = new Catalogue();
      order.forEach(i -> one.apply(told.get(i), i + 1, LOW));
      assertEquals(Optional.of(told.get(1)), one.former("web"), order::toString);
    }
  }

  @Test
  void aServiceThatWasSaidAgainIsStillWhatItBecame() {
    catalogue.apply(service("web", 1), 1, LOW);
    assertEquals(Optional.empty(), catalogue.former("web"));
    catalogue.apply(service("web", 2), 2, LOW);
    String change = catalogue.change("web").orElseThrow();
    catalogue.apply(service("web", 2), 3, HIGH);
    assertFalse(catalogue.change("web").orElseThrow().equals(change));
    assertEquals(Optional.of(service("web", 1)), catalogue.former("web"));
  }

  @Test
  void whatWasRemovedIsNotWhatAServiceWas() {
    catalogue.apply(service("web", 1), 1, LOW);
    catalogue.apply(new RemoveService("web"), 2, LOW);
    assertEquals(Optional.empty(), catalogue.change("web"));
    assertEquals(Optional.empty(), catalogue.former("web"));
    catalogue.apply(service("web", 2), 3, LOW);
    assertEquals(Optional.empty(), catalogue.former("web"));
  }

  @Test
  void applyingAgainChangesNothing() {
    catalogue.apply(service("web", 300), 9, LOW);
    Map<String, Catalogue.Entry> before = catalogue.view();
    assertFalse(catalogue.apply(service("web", 300), 9, LOW));
    assertEquals(before, catalogue.view());
  }

  @Test
  void removingAServiceRemovesTheEndpointsPutBefore() {
    catalogue.apply(service("web", 100), 1, LOW);
    catalogue.apply(endpoint("web", "a"), 2, LOW);
    catalogue.apply(new RemoveService("web"), 3, LOW);
    assertEquals(Map.of(), catalogue.view());

    catalogue.apply(service("web", 100), 4, LOW);
    assertEquals(List.of(), ids("web"));

    catalogue.apply(endpoint("web", "b"), 5, LOW);
    assertEquals(List.of("web/b"), ids("web"));
  }

  @Test
  void aLateRemovalThatEndsAnEndpointCountsAsAChange() {
    catalogue.apply(service("web", 100), 5, LOW);
    catalogue.apply(endpoint("web", "a"), 1, LOW);
    assertTrue(catalogue.apply(new RemoveService("web"), 3, LOW));
    assertEquals(List.of(), ids("web"));
  }

  @Test
  void whatWasRemovedStaysDeadWhenAnOlderChangeComesLate() {
    catalogue.apply(new RemoveService("web"), 5, LOW);
    catalogue.apply(service("web", 100), 4, LOW);
    assertEquals(Map.of(), catalogue.view());

    catalogue.apply(service("api", 100), 1, LOW);
    catalogue.apply(new RemoveEndpoint("api", "api/a"), 5, LOW);
    catalogue.apply(endpoint("api", "a"), 4, HIGH);
    assertEquals(List.of(), ids("api"));
  }

  @Test
  void anEndpointWithoutItsServiceIsLeftOutUntilItComes() {
    catalogue.apply(endpoint("web", "a"), 1, LOW);
    assertEquals(Map.of(), catalogue.view());
    catalogue.apply(service("web", 100), 2, LOW);
    assertEquals(List.of("web/a"), ids("web"));
  }

  @Test
  void aViewDoesNotChangeAfterwards() {
    catalogue.apply(service("web", 100), 1, LOW);
    catalogue.apply(endpoint("web", "a"), 2, LOW);
    Catalogue.Entry before = entry("web");
    catalogue.apply(endpoint("web", "b"), 3, LOW);

    assertEquals(1, before.endpoints().size());
    assertThrows(UnsupportedOperationException.class, () -> before.endpoints().clear());
  }

  private Catalogue.Entry entry(String service) {
    return Optional.ofNullable(catalogue.view().get(service)).orElseThrow();
  }

  private List<String> ids(String service) {
    return entry(service).endpoints().stream().map(PutEndpoint::endpoint).toList();
  }

  static PutService service(String name, long slowAfterMillis) {
    return new PutService(name, "http", "skein", List.of(), "/", "", 2_000, 1_000, slowAfterMillis);
  }

  static ServiceChange endpoint(String service, String name) {
    return new PutEndpoint(
        service, service + "/" + name, "http://127.0.0.1:8080", Optional.empty(), "eu", 1);
  }
}
