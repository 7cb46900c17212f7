package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.reputation.evidence.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescentsTest {
  private static final int NODES = 70;
  private static final Standing FOUNDER = new Standing(List.of(), List.of(), 0, false, false);

  private final Town town = new Town(NODES);

  @Test
  void whereAllInvitesAreTheFoundersInvitesAreTokensAndNodesBranches() {
    town.stand(0, FOUNDER);
    town.stand(4, Town.by(town.key(3)));
    assertEquals(List.of(Set.of(0), Set.of(1), Set.of(2), Set.of(3, 4)), tokens(0, 5));
    assertEquals(alone(0, 5), branches(0, 5));
  }

  @Test
  void inAMeshByOneInviteTheGuestsOfOneAreOneWithIt() {
    Town mesh = Town.byOneInvite(41, 60);
    Map<NodeId, Origin> origins = origins(mesh, 0, 101);
    assertEquals(1, origins.values().stream().map(Origin::token).distinct().count());
    assertEquals(41, origins.values().stream().map(Origin::branch).distinct().count());
    Set<Integer> guests = new HashSet<>();
    for (int i = 40; i < 101; i++) {
      guests.add(branch(origins, mesh.node(i)));
    }
    assertEquals(1, guests.size());
  }

  @Test
  void severalWhoInviteAreAsManyBranches() {
    for (int i = 0; i < 10; i++) {
      town.stand(i, Town.by(town.key(0)));
    }
    for (int i = 10; i < NODES; i++) {
      town.letIn(7 + i % 3, i);
    }
    assertEquals(10, branches(0, NODES).size());
    assertEquals(1, tokens(0, NODES).size());
  }

  @Test
  void whomOneInvitedAreOneBranchWhereFourCameByDifferentInvitesToo() {
    for (int i = 4; i < 24; i++) {
      town.letIn(3, i);
    }
    List<Set<Integer>> expected = new ArrayList<>(alone(0, 3));
    expected.add(numbers(3, 24));
    assertEquals(expected, branches(0, 24));
    assertEquals(expected, tokens(0, 24));
  }

  @Test
  void whereOneNodeInvitedTheOthersTheyBeginBranches() {
    // The founder invited one node, and that one the others, by two invites.
    for (int i = 1; i < 5; i++) {
      town.stand(i, town.by(0, town.key(i / 3)));
    }
    for (int i = 5; i < 25; i++) {
      town.letIn(4, i);
    }
    List<Set<Integer>> expected = new ArrayList<>(alone(0, 4));
    expected.add(numbers(4, 25));
    assertEquals(expected, branches(0, 25));
    assertEquals(List.of(Set.of(0), Set.of(1, 2), numbers(3, 25)), tokens(0, 25));
  }

  @Test
  void ofFourBranchesGuestsBeginNoneEvenIfTheirHostIsSilent() {
    for (int i = 4; i < 60; i++) {
      town.letIn(3, i);
    }
    List<Set<Integer>> expected = new ArrayList<>(alone(0, 3));
    expected.add(numbers(3, 60));
    assertEquals(expected, branches(0, 60));
    expected.set(3, numbers(4, 60));
    assertEquals(expected, branches(0, 60, 3));
  }

  @Test
  void ofThreeTheGuestsBeginBranchesToo() {
    for (int i = 3; i < 60; i++) {
      town.letIn(2, i);
    }
    assertEquals(alone(0, 60), branches(0, 60));
  }

  @Test
  void fewerThanFourAreToldApartAsFarAsTheyCan() {
    town.stand(0, FOUNDER);
    town.letIn(1, 2);
    assertEquals(alone(0, 3), branches(0, 3));
    assertEquals(alone(0, 3), tokens(0, 3));
    assertEquals(alone(0, 1), tokens(0, 1));
    assertEquals(List.of(), branches(0, 0));
  }

  @Test
  void theFoundersOwnWordIsOneAndItsGuestsAreEachOne() {
    town.stand(0, FOUNDER);
    for (int i = 1; i < 20; i++) {
      town.stand(i, Town.by(town.key(i % 2)));
    }
    assertEquals(alone(0, 20), branches(0, 20));
    assertEquals(3, tokens(0, 20).size());
  }

  /// Each lets in the next; the ledger tells eight of the invites.
  @ParameterizedTest(name = "{0} guests in a row")
  @ValueSource(ints = {6, 7, 8, 9, 66})
  void aRowOfGuestsIsOneHoweverLong(int guests) {
    int end = 4 + guests;
    for (int i = 4; i < end; i++) {
      town.letIn(i - 1, i);
    }
    List<Set<Integer>> expected = new ArrayList<>(alone(0, 3));
    expected.add(numbers(3, end));
    assertEquals(expected, branches(0, end));
  }

  @Test
  void whereEverybodyLetInTheNextTheFirstThreeAreOneEachAndAllOthersOne() {
    for (int i = 1; i < 20; i++) {
      town.letIn(i - 1, i);
    }
    List<Set<Integer>> expected = new ArrayList<>(alone(0, 3));
    expected.add(numbers(3, 20));
    assertEquals(expected, branches(0, 20));
  }

  @Test
  void tellsAsManyAsMayBeHeard() {
    PublicKey invite = town.key(0);
    NodeId host = town.node(1);
    Map<NodeId, Standing> raters = new TreeMap<>();
    raters.put(host, Town.by(invite));
    raters.put(town.node(2), Town.by(invite));
    raters.put(town.node(3), Town.by(invite));
    raters.put(town.node(4), Town.by(invite));
    List<PublicKey> line = new ArrayList<>(List.of(invite));
    List<NodeId> issuers = new ArrayList<>(List.of(Town.FOUNDER));
    for (int i = 0; i < OpinionTable.MAX_RATERS; i++) {
      if (line.size() < 8) {
        line.add(town.key(1 + i));
        issuers.add(i == 0 ? host : new NodeId(1, i - 1));
      }
      raters.put(new NodeId(1, i), new Standing(line, issuers, 0, false, false));
    }
    Map<NodeId, Origin> origins = Descents.of(raters);
    assertEquals(4, origins.values().stream().map(Origin::branch).distinct().count());
    assertEquals(branch(origins, host), branch(origins, new NodeId(1, 30_000)));
    assertNotEquals(branch(origins, host), branch(origins, town.node(2)));
  }

  /// In a mesh in which anybody invites anybody, one member's guests, whomever they invite, are in
  /// its branch and change nobody else's.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void guestsChangeNobodyElsesBranchOrToken(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 4; i < 20; i++) {
      int host = random.nextInt(-2, i);
      if (host < 0 || host == 2) {
        town.stand(i, Town.by(town.key(random.nextInt(4))));
      } else {
        town.letIn(host, i);
      }
    }
    List<Set<Integer>> branches = new ArrayList<>(branches(0, 20));
    List<Set<Integer>> tokens = new ArrayList<>(tokens(0, 20));
    List<Integer> crowd = new ArrayList<>(List.of(2));
    for (int i = 20; i < NODES; i++) {
      town.letIn(crowd.get(random.nextInt(crowd.size())), i);
      crowd.add(i);
    }
    for (List<Set<Integer>> each : List.of(branches, tokens)) {
      each.replaceAll(those -> {
        Set<Integer> more = new HashSet<>(those);
        more.addAll(those.contains(2) ? crowd : Set.of());
        return more;
      });
    }
    assertEquals(branches, branches(0, NODES));
    assertEquals(tokens, tokens(0, NODES));
  }

  private static Map<NodeId, Origin> origins(Town town, int from, int to, int... silent) {
    Map<NodeId, Standing> raters = new TreeMap<>();
    IntStream.range(from, to)
        .filter(i -> IntStream.of(silent).noneMatch(each -> each == i))
        .forEach(i -> raters.put(town.node(i), town.standing(town.node(i)).orElseThrow()));
    return Descents.of(raters);
  }

  private static int branch(Map<NodeId, Origin> origins, NodeId node) {
    return origins.getOrDefault(node, new Origin(-1, -1)).branch();
  }

  /// Who are one branch, in the order of the first of each.
  private List<Set<Integer>> branches(int from, int to, int... silent) {
    return those(from, to, origins(town, from, to, silent), false);
  }

  private List<Set<Integer>> tokens(int from, int to) {
    return those(from, to, origins(town, from, to), true);
  }

  private List<Set<Integer>> those(int from, int to, Map<NodeId, Origin> origins, boolean tokens) {
    Map<Integer, Set<Integer>> those = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      Origin origin = origins.get(town.node(i));
      if (origin != null) {
        those
            .computeIfAbsent(tokens ? origin.token() : origin.branch(), _ -> new HashSet<>())
            .add(i);
      }
    }
    return List.copyOf(those.values());
  }

  private static List<Set<Integer>> alone(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Set.of(i)).toList();
  }

  private static Set<Integer> numbers(int from, int to) {
    return new HashSet<>(IntStream.range(from, to).boxed().toList());
  }
}
