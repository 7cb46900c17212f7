package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BranchesTest {
  private final Scene scene = new Scene(17);
  private final List<SigningKey> nodes = new ArrayList<>(List.of(scene.founder));
  private long second = 1;

  @Test
  void eachIsItsOwnWhereOnlyTheFounderInvitesByOneInviteOrMany() {
    SigningKey shared = scene.invite(scene.founder, second++, 64, Scene.FOREVER);
    for (int i = 0; i < 10; i++) {
      scene.join(add(scene.key()), second++, shared);
    }
    invited(scene.founder);
    assertEquals(alone(), branches());
  }

  @Test
  void whomAGuestOfTheFoundersInvitesCountsWithItAndWhomThoseInvite() {
    SigningKey bad = invited(scene.founder);
    invited(scene.founder);
    SigningKey own = scene.invite(bad, second++, 8, Scene.FOREVER);
    SigningKey guest = add(scene.key());
    scene.join(guest, second++, own);
    SigningKey other = invited(bad);
    SigningKey deeper = invited(guest);
    Map<NodeId, NodeId> expected = alone();
    for (SigningKey kin : List.of(guest, other, deeper)) {
      expected.put(kin.nodeId(), bad.nodeId());
    }
    assertEquals(expected, branches());
    // Also when it is gone, or its key another.
    nodes.remove(bad);
    expected.remove(bad.nodeId());
    assertEquals(expected, branches());
    SigningKey successor = add(scene.rotate(bad, second++));
    SigningKey late = invited(successor);
    for (SigningKey kin : List.of(guest, other, deeper, late, successor)) {
      expected.put(kin.nodeId(), successor.nodeId());
    }
    assertEquals(expected, branches());
  }

  @Test
  void whereOneNodeInvitedTheOthersThoseBeginBranches() {
    SigningKey first = invited(scene.founder);
    List<SigningKey> others = List.of(invited(first), invited(first), invited(first));
    assertEquals(alone(), branches());
    SigningKey guest = invited(others.getFirst());
    Map<NodeId, NodeId> expected = alone();
    expected.put(guest.nodeId(), others.getFirst().nodeId());
    assertEquals(expected, branches());
  }

  @Test
  void fewerThanThreeAreEachTheirOwn() {
    assertEquals(alone(), branches());
    SigningKey first = invited(scene.founder);
    assertEquals(alone(), branches());
    // With the founder there are three, but it is not asked about.
    nodes.remove(scene.founder);
    invited(first);
    assertEquals(alone(), branches());
  }

  @Test
  void theGuestsOfOneDoNotBecomeBranchesByInvitingInTurn() {
    SigningKey bad = invited(scene.founder);
    invited(scene.founder);
    Map<NodeId, NodeId> expected = alone();
    SigningKey last = bad;
    for (int i = 0; i < 3 * Descent.MOST; i++) {
      last = invited(last);
      expected.put(last.nodeId(), bad.nodeId());
    }
    // By an invite of its own, earlier than the one it came by.
    scene.join(last, 1, scene.invite(last, 1, 8, Scene.FOREVER));
    assertEquals(expected, branches());
  }

  @Test
  void whoIsNoMemberIsLeftOutOnceTheGenesisIsKnown() {
    SigningKey guest = invited(scene.founder);
    SigningKey revoked = invited(scene.founder);
    scene.revoke(scene.founder, second++, revoked);
    SigningKey stranger = add(scene.key());
    Map<NodeId, NodeId> expected = alone();
    expected.remove(revoked.nodeId());
    expected.remove(stranger.nodeId());
    assertEquals(expected, branches());
    RosterSnapshot empty = new Roster(Hash.ZERO).snapshot();
    assertEquals(
        Map.of(guest.nodeId(), guest.nodeId(), stranger.nodeId(), stranger.nodeId()),
        Branches.of(empty, List.of(guest.nodeId(), stranger.nodeId())));
  }

  /// Of a mesh in which anybody invites anybody: one member's guests, however many and whomever
  /// they invite, are in its branch, and change nobody else's.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void guestsChangeNobodyElsesBranchWhereTheFounderHasInvitedTwo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SigningKey bad = invited(scene.founder);
    invited(scene.founder);
    for (int i = 0; i < 12; i++) {
      SigningKey issuer = nodes.get(random.nextInt(nodes.size()));
      invited(issuer == bad ? scene.founder : issuer);
    }
    Map<NodeId, NodeId> expected = new HashMap<>(branches());
    List<SigningKey> crowd = new ArrayList<>(List.of(bad));
    for (int i = 0; i < 20; i++) {
      crowd.add(invited(crowd.get(random.nextInt(crowd.size()))));
      expected.put(crowd.getLast().nodeId(), bad.nodeId());
    }
    assertEquals(expected, branches());
    Collections.reverse(nodes);
    Collections.reverse(scene.records);
    assertEquals(expected, branches());
  }

  private SigningKey add(SigningKey node) {
    nodes.add(node);
    return node;
  }

  private SigningKey invited(SigningKey issuer) {
    SigningKey node = add(scene.key());
    scene.join(node, second + 1, scene.invite(issuer, second, 1, Scene.FOREVER));
    second += 2;
    return node;
  }

  private Map<NodeId, NodeId> branches() {
    return Branches.of(scene.roster().snapshot(), nodes.stream().map(SigningKey::nodeId).toList());
  }

  private Map<NodeId, NodeId> alone() {
    Map<NodeId, NodeId> alone = new HashMap<>();
    nodes.forEach(node -> alone.put(node.nodeId(), node.nodeId()));
    return alone;
  }
}
