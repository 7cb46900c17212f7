package io.skein.ledger.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.RemoveEndpoint;
import io.skein.ledger.record.ServiceChange.RemoveService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same changes give the same catalogue in whatever order and however often they come.
final class CataloguePropertyTest {
  private static final int CHANGES = 60;

  private record Change(ServiceChange change, long hlc, NodeId author) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void isTheSameInEveryOrder(long seed) {
    Random random = new Random(seed);
    List<Change> changes = changes(random);
    Map<String, Object> expected = fold(changes);
    for (int i = 0; i < 20; i++) {
      List<Change> shuffled = new ArrayList<>(changes);
      shuffled.addAll(changes.subList(0, random.nextInt(CHANGES)));
      Collections.shuffle(shuffled, random);
      assertEquals(expected, fold(shuffled));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithTheHistoryReadInTheOrderOfTime(long seed) {
    List<Change> changes = changes(new Random(seed));
    List<Change> inTime = new ArrayList<>(changes);
    inTime.sort((a, b) -> {
      int order = Long.compare(a.hlc(), b.hlc());
      return order != 0 ? order : a.author().compareTo(b.author());
    });
    Map<String, String> services = new java.util.TreeMap<>();
    Map<String, PutEndpoint> endpoints = new java.util.TreeMap<>();
    Map<String, String> routes = new java.util.TreeMap<>();
    for (Change one : inTime) {
      switch (one.change()) {
        case ServiceChange.PutService put -> services.put(put.service(), put.service());
        case RemoveService remove -> {
          services.remove(remove.service());
          endpoints.values().removeIf(put -> put.service().equals(remove.service()));
        }
        case PutEndpoint put -> endpoints.put(put.endpoint(), put);
        case RemoveEndpoint remove -> endpoints.remove(remove.endpoint());
        case ServiceChange.PutRoute put -> routes.put(put.name(), put.document());
        case ServiceChange.RemoveRoute remove -> routes.remove(remove.name());
      }
    }
    Catalogue whole = new Catalogue();
    changes.forEach(one -> whole.apply(one.change(), one.hlc(), one.author()));
    assertEquals(routes, whole.routes());
    Map<String, List<PutEndpoint>> expected = new java.util.TreeMap<>();
    services.keySet().forEach(name -> expected.put(name, new ArrayList<>()));
    endpoints
        .values()
        .forEach(put -> {
          if (expected.containsKey(put.service())) {
            expected.get(put.service()).add(put);
          }
        });
    Map<String, List<PutEndpoint>> actual = new java.util.TreeMap<>();
    whole.view().forEach((name, entry) -> actual.put(name, entry.endpoints()));
    assertEquals(expected, actual);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void followsFromItsStandingChangesAndTheirBytesAlone(long seed) {
    List<Change> changes = changes(new Random(seed));
    Catalogue catalogue = new Catalogue();
    changes.forEach(one -> catalogue.apply(one.change(), one.hlc(), one.author()));
    List<Change> standing = new ArrayList<>();
    for (Catalogue.Standing one : catalogue.standing()) {
      ServiceChange read = ServiceChange.read(one.change().toBytes()).orElseThrow();
      assertEquals(one.change(), read);
      assertEquals(true, Catalogue.keys(read).contains(one.key()), one.key());
      standing.add(new Change(read, one.hlc(), one.author()));
    }
    Collections.shuffle(standing, new Random(seed));
    assertEquals(fold(changes), fold(standing));
  }

  private static Map<String, Object> fold(List<Change> changes) {
    Catalogue catalogue = new Catalogue();
    changes.forEach(one -> catalogue.apply(one.change(), one.hlc(), one.author()));
    Map<String, Object> all = new java.util.TreeMap<>(catalogue.view());
    catalogue.routes().forEach((name, document) -> all.put("route " + name, document));
    return all;
  }

  // Few names and times, so that most changes contend; an author never has two at one time.
  private static List<Change> changes(Random random) {
    List<Change> changes = new ArrayList<>();
    Set<List<Long>> used = new HashSet<>();
    while (changes.size() < CHANGES) {
      long hlc = random.nextInt(40);
      long author = random.nextInt(3);
      if (used.add(List.of(hlc, author))) {
        changes.add(new Change(change(random), hlc, new NodeId(author, 0)));
      }
    }
    return changes;
  }

  private static ServiceChange change(Random random) {
    String service = "s" + random.nextInt(3);
    String name = "e" + random.nextInt(3);
    return switch (random.nextInt(9)) {
      case 0, 1 -> CatalogueTest.service(service, 1 + random.nextInt(1_000));
      case 2, 3 -> CatalogueTest.endpoint(service, name);
      case 4 -> new RemoveEndpoint(service, service + "/" + name);
      case 5 -> new RemoveService(service);
      case 6 -> new ServiceChange.RemoveRoute(name);
      default -> new ServiceChange.PutRoute(name, "{\"priority\":" + random.nextInt(9) + "}");
    };
  }
}
