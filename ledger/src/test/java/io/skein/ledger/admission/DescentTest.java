package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DescentTest {
  private final Scene scene = new Scene(11);

  @Test
  void aLineIsTheInvitesFromTheFounderDown() {
    SigningKey first = scene.key();
    SigningKey second = scene.key();
    SigningKey fromFounder = joined(first, scene.founder, 1);
    SigningKey fromFirst = joined(second, first, 3);
    assertEquals(List.of(), line(scene.founder));
    assertEquals(keys(fromFounder), line(first));
    assertEquals(keys(fromFounder, fromFirst), line(second));
    assertEquals(List.of(), line(scene.key()));
  }

  @Test
  void whoJoinsOnceMoreByAnInviteOfItsOwnStaysWhereItWas() {
    SigningKey member = scene.key();
    SigningKey friend = scene.key();
    SigningKey invite = joined(member, scene.founder, 10);
    SigningKey own = scene.invite(member, 2, 8, Scene.FOREVER);
    SigningKey friends = joined(friend, member, 12);
    // Both earlier than the joins by which they came in.
    scene.join(member, 3, own);
    scene.join(member, 4, scene.invite(friend, 4, 8, Scene.FOREVER));
    assertEquals(keys(invite), line(member));
    assertEquals(keys(invite, friends), line(friend));
  }

  @Test
  void whoNamesAnInviteKeyOfTheFoundersInAnInviteOfItsOwnGainsNoDescendants() {
    SigningKey thief = scene.key();
    SigningKey member = scene.key();
    SigningKey thiefs = joined(thief, scene.founder, 1);
    SigningKey invite = joined(member, scene.founder, 5);
    scene.invite(thief, 3, 8, Scene.FOREVER, invite.publicKey());
    assertEquals(keys(invite), line(member));
    assertEquals(keys(thiefs), line(thief));
  }

  @Test
  void ofTwoWaysOfOneLengthTheFirstInviteIsTaken() {
    SigningKey left = scene.key();
    SigningKey right = scene.key();
    SigningKey member = scene.key();
    joined(left, scene.founder, 1);
    SigningKey toRight = joined(right, scene.founder, 2);
    SigningKey later = scene.invite(left, 6, 1, Scene.FOREVER);
    SigningKey earlier = scene.invite(right, 5, 1, Scene.FOREVER);
    scene.join(member, 7, later);
    scene.join(member, 8, earlier);
    assertEquals(keys(toRight, earlier), line(member));
  }

  @Test
  void aRotationHandsTheLineOnAndWhatTheSuccessorInvitesContinuesIt() {
    SigningKey first = scene.key();
    SigningKey second = scene.key();
    SigningKey invite = joined(first, scene.founder, 1);
    SigningKey successor = scene.rotate(first, 3);
    SigningKey next = joined(second, successor, 4);
    assertEquals(keys(invite), line(successor));
    assertEquals(keys(invite), line(first));
    assertEquals(keys(invite, next), line(second));
    SigningKey founders = scene.rotate(scene.founder, 6);
    SigningKey third = scene.key();
    SigningKey direct = joined(third, founders, 7);
    assertEquals(List.of(), line(founders));
    assertEquals(keys(direct), line(third));
  }

  @Test
  void aLongChainIsToldByItsFirstInvites() {
    List<SigningKey> invites = new ArrayList<>();
    SigningKey issuer = scene.founder;
    for (int i = 0; i < 2 * Descent.MOST; i++) {
      SigningKey next = scene.key();
      invites.add(joined(next, issuer, 2 * i + 1));
      List<PublicKey> line = line(next);
      assertEquals(Math.min(i + 1, Descent.MOST), line.size());
      assertTrue(invites.stream().map(SigningKey::publicKey).toList().containsAll(line));
      issuer = next;
    }
  }

  private SigningKey joined(SigningKey joiner, SigningKey issuer, long second) {
    SigningKey invite = scene.invite(issuer, second, 1, Scene.FOREVER);
    scene.join(joiner, second + 1, invite);
    return invite;
  }

  private List<PublicKey> line(SigningKey member) {
    return scene.roster().snapshot().cameThrough(member.nodeId());
  }

  private static List<PublicKey> keys(SigningKey... invites) {
    return List.of(invites).stream().map(SigningKey::publicKey).toList();
  }
}
