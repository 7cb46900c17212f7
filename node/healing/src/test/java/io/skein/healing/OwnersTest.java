package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.CoverNode;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.routing.ejection.Observation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OwnersTest {
  private static final long MILLI = 1_000_000L;
  private static final Observation DEAD = new Observation(50, 3, 3, 3, MILLI, 10 * MILLI);

  static List<Long> seeds() {
    return LongStream.rangeClosed(1, 20).boxed().toList();
  }

  private static EndpointFacts dead(Set<String> reachedBy) {
    return new EndpointFacts("shop", reachedBy, DEAD, ProbeResults.NONE, 0, 0);
  }

  private static Facts facts(
      String self, Set<String> live, Map<String, EndpointFacts> endpoints, Set<String> gone) {
    return Facts.of(self, live, endpoints, Map.of(), gone, Set.of(), Map.of());
  }

  private static List<Ownership> endpoints(Facts facts) {
    return Owners.of(facts, List.of()).stream()
        .filter(each -> each.kind() == Ownership.Kind.ENDPOINT)
        .toList();
  }

  private static boolean repairs(Action action) {
    return action instanceof SetAside || action instanceof CoverNode;
  }

  /// Of healers that all see the same, only the owners' decide at once; a rank's wait later, still
  /// without a verdict, those who come next do too.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whoIsNamedDecidesAndWhoComesNextWaitsARank(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<String> live =
        random
            .ints(2 + random.nextInt(5), 0, 1_000_000)
            .mapToObj(n -> "node-" + n)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> some = live.stream().filter(_ -> random.nextBoolean()).collect(Collectors.toSet());
    Map<String, EndpointFacts> endpoints =
        Map.of("shop/a", dead(live), "shop/b", dead(some), "shop/c", dead(Set.of("lost")));
    Set<String> atOnce = new TreeSet<>();
    Set<String> later = new TreeSet<>();
    Set<String> named = new TreeSet<>();
    Set<String> nextNamed = new TreeSet<>();
    for (String self : live) {
      Facts facts = facts(self, live, endpoints, Set.of("lost"));
      Healer healer = new Healer(HealerConfig.DEFAULT, 0);
      healer.step(facts, 0).stream()
          .filter(OwnersTest::repairs)
          .forEach(action -> atOnce.add(subject(action) + " " + self));
      healer.step(facts, HealerConfig.DEFAULT.rankWaitNanos()).stream()
          .filter(OwnersTest::repairs)
          .forEach(action -> later.add(subject(action) + " " + self));
      for (Ownership each : Owners.of(facts, List.of())) {
        each.owner().ifPresent(owner -> named.add(each.subject() + " " + owner));
        each.next().ifPresent(next -> nextNamed.add(each.subject() + " " + next));
      }
    }
    assertEquals(named, atOnce);
    assertEquals(nextNamed, later);
  }

  private static String subject(Action action) {
    return switch (action) {
      case SetAside(String endpoint, _, _) -> endpoint;
      case CoverNode(String node, _) -> node;
      default -> throw new AssertionError(action);
    };
  }

  @Test
  void eachSideOfASplitOwnsAndTheWholeHasOneOwner() {
    Set<String> left = Set.of("a", "b");
    Set<String> right = Set.of("c", "d", "e");
    Set<String> whole =
        Stream.concat(left.stream(), right.stream()).collect(Collectors.toCollection(TreeSet::new));
    Set<Optional<String>> owners =
        Stream.of(
                facts("a", left, Map.of("shop/a", dead(whole)), right),
                facts("c", right, Map.of("shop/a", dead(whole)), left))
            .map(facts -> endpoints(facts).getFirst().owner())
            .collect(Collectors.toSet());
    assertEquals(2, owners.size());
    Set<Ownership> one =
        whole.stream()
            .flatMap(self ->
                endpoints(facts(self, whole, Map.of("shop/a", dead(whole)), Set.of())).stream())
            .collect(Collectors.toSet());
    assertEquals(1, one.size());
    assertTrue(owners.contains(one.iterator().next().owner()), "no third one takes it over");
  }

  @Test
  void whatNobodyReachesHasNoOwner() {
    Facts facts = facts("a", Set.of("a"), Map.of("shop/a", dead(Set.of("lost"))), Set.of("lost"));
    assertEquals(
        List.of(
            new Ownership(Ownership.Kind.ENDPOINT, "shop/a", 0, Optional.empty(), Optional.empty()),
            new Ownership(Ownership.Kind.SERVICE, "shop", 1, Optional.of("a"), Optional.empty()),
            new Ownership(Ownership.Kind.NODE, "lost", 1, Optional.of("a"), Optional.empty())),
        Owners.of(facts, List.of("shop")));
  }

  @Test
  void nobodyDecidesAboutItsOwnReturn() {
    Facts alone = Facts.of("a", Set.of("a"), Map.of(), Map.of(), Set.of(), Set.of("a"), Map.of());
    assertEquals(
        List.of(new Ownership(Ownership.Kind.NODE, "a", 0, Optional.empty(), Optional.empty())),
        Owners.of(alone, List.of()));
  }
}
