package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RosterPropertyTest {
  private record View(
      Optional<MeshInfo> mesh,
      List<Member> members,
      List<List<PublicKey>> lines,
      List<InviteState> invites) {
    static View of(Roster roster) {
      List<List<PublicKey>> lines =
          roster.members().stream().map(it -> roster.snapshot().cameThrough(it.id())).toList();
      return new View(roster.mesh(), roster.members(), lines, roster.invites());
    }
  }

  /// All 720 orders of six records that depend on each other.
  @Test
  void everyOrderOfASmallSetGivesTheSameRoster() {
    Scene scene = new Scene(1);
    SigningKey first = scene.key();
    SigningKey second = scene.key();
    scene.join(first, 2, scene.invite(scene.founder, 1, 1, Scene.FOREVER));
    scene.join(second, 4, scene.invite(first, 3, 1, Scene.FOREVER));
    scene.revoke(second, 5, first);
    View expected = View.of(scene.roster());
    assertEquals(3, expected.members().size());
    permute(scene, new ArrayList<>(scene.records), 0, expected);
  }

  /// All 5,040 orders of seven records: a member rotates twice, and is revoked under its first
  /// name.
  @Test
  void everyOrderOfRotationsAndARevocationGivesTheSameRoster() {
    Scene scene = new Scene(2);
    SigningKey first = scene.key();
    scene.join(first, 2, scene.invite(scene.founder, 1, 1, Scene.FOREVER));
    SigningKey second = scene.rotate(first, 3);
    SigningKey third = scene.rotate(second, 4);
    scene.rotate(first, 5);
    scene.revoke(scene.founder, 6, first);
    View expected = View.of(scene.roster());
    assertEquals(
        Set.of(scene.founder.nodeId(), first.nodeId(), second.nodeId(), third.nodeId()),
        expected.members().stream().map(Member::id).collect(Collectors.toSet()));
    permute(scene, new ArrayList<>(scene.records), 0, expected);
  }

  /// All orders of six records: two rotations of one identity, and a revocation between them.
  @Test
  void everyOrderOfContestedEndingsGivesTheSameRoster() {
    Scene scene = new Scene(3);
    SigningKey first = scene.key();
    scene.join(first, 2, scene.invite(scene.founder, 1, 1, Scene.FOREVER));
    scene.rotate(first, 5);
    scene.revoke(first, 4, scene.founder);
    scene.rotate(scene.founder, 4);
    View expected = View.of(scene.roster());
    permute(scene, new ArrayList<>(scene.records), 0, expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void anyOrderOfARandomSetGivesTheSameRoster(long seed) {
    Scene scene = random(seed);
    View expected = View.of(scene.roster());
    SplittableRandom random = new SplittableRandom(~seed);
    for (int round = 0; round < 8; round++) {
      List<SignedRecord> shuffled = new ArrayList<>(scene.records);
      for (int i = shuffled.size() - 1; i > 0; i--) {
        shuffled.set(i, shuffled.set(random.nextInt(i + 1), shuffled.get(i)));
      }
      Roster roster = new Roster(scene.meshId);
      for (SignedRecord record : shuffled) {
        roster.apply(record);
        if (random.nextInt(4) == 0) {
          roster.snapshot();
          roster.apply(record);
        }
      }
      assertEquals(expected, View.of(roster));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void noInviteAdmitsMoreThanItsUses(long seed) {
    Roster roster = random(seed).roster();
    for (InviteState invite : roster.invites()) {
      assertTrue(invite.usesLeft() >= 0 && invite.usesLeft() <= invite.uses());
      long by =
          roster.members().stream()
              .filter(it -> it.inviteKey().equals(Optional.of(invite.inviteKey())))
              .filter(it -> it.predecessor().isEmpty())
              .count();
      assertTrue(by <= invite.uses() - invite.usesLeft(), invite + " admitted " + by);
    }
    assertEquals(
        roster.members().stream().map(Member::id).sorted().toList(),
        roster.members().stream().map(Member::id).toList());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void successorsShareTheFateOfThoseTheyTookOver(long seed) {
    RosterSnapshot roster = random(seed).roster().snapshot();
    for (Member member : roster.members()) {
      member
          .rotation()
          .ifPresent(rotation -> {
            Member successor = roster.member(rotation.successor()).orElseThrow();
            assertFalse(member.active());
            assertFalse(member.speaksAt(rotation.hlc() + 1));
            if (member.revoked()) {
              assertTrue(
                  successor.revokedHlc().orElseThrow() <= member.revokedHlc().orElseThrow(),
                  member + " was revoked, but not " + successor);
            }
          });
      assertEquals(member.revoked(), roster.revocation(member.id()).isPresent());
      assertTrue(roster.member(roster.current(member.id())).isPresent());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void onlyTheFounderAndItsSuccessorsCameThroughNothing(long seed) {
    RosterSnapshot roster = random(seed).roster().snapshot();
    NodeId founder = roster.mesh().orElseThrow().founder();
    for (Member member : roster.members()) {
      boolean founders = roster.line(member.id()).stream().anyMatch(it -> it.id().equals(founder));
      assertTrue(founders || !roster.cameThrough(member.id()).isEmpty(), member.toString());
    }
  }

  private static Scene random(long seed) {
    Scene scene = new Scene(seed);
    SplittableRandom random = scene.random.split();
    List<SigningKey> nodes = new ArrayList<>(List.of(scene.founder));
    while (nodes.size() < 9) {
      nodes.add(scene.key());
    }
    List<SigningKey> invites = new ArrayList<>();
    invites.add(scene.invite(scene.founder, 1, 3, Scene.FOREVER));
    for (int i = 0; i < 40; i++) {
      SigningKey node = nodes.get(random.nextInt(nodes.size()));
      SigningKey invite = invites.get(random.nextInt(invites.size()));
      long second = random.nextInt(1, 30);
      switch (random.nextInt(10)) {
        case 0, 1 ->
            invites.add(scene.invite(node, second, random.nextInt(1, 4), random.nextInt(10, 60)));
        case 2 -> scene.revoke(node, second, nodes.get(random.nextInt(nodes.size())));
        case 3 -> nodes.add(scene.rotate(node, second));
        // Also to keys that belong to others, and in circles.
        case 4 -> scene.rotate(node, second, nodes.get(random.nextInt(nodes.size())));
        default -> scene.join(node, second, invite);
      }
    }
    return scene;
  }

  private static void permute(Scene scene, List<SignedRecord> records, int from, View expected) {
    if (from == records.size()) {
      Roster roster = new Roster(scene.meshId);
      records.forEach(roster::apply);
      assertEquals(expected, View.of(roster));
      return;
    }
    for (int i = from; i < records.size(); i++) {
      swap(records, from, i);
      permute(scene, records, from + 1, expected);
      swap(records, from, i);
    }
  }

  private static void swap(List<SignedRecord> records, int a, int b) {
    records.set(a, records.set(b, records.get(a)));
  }
}
