package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.admission.Verdict.Reason;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RosterTest {
  private static final long NOW_MILLIS = 50_000;

  private final Scene scene = new Scene(7);

  @Test
  void isEmptyWithoutAGenesis() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    scene.join(scene.key(), 2, invite);
    scene.records.removeFirst();
    Roster roster = scene.roster();
    assertEquals(Optional.empty(), roster.mesh());
    assertEquals(List.of(), roster.members());
    assertEquals(List.of(), roster.invites());
  }

  @Test
  void genesisAdmitsItsAuthor() {
    Roster roster = scene.roster();
    assertEquals(
        Optional.of(new MeshInfo("mesh", 10_000, scene.meshId, scene.founder.nodeId())),
        roster.mesh());
    Member founder = member(scene.founder);
    assertEquals("founder", founder.name());
    assertEquals(Optional.empty(), founder.inviteKey());
    assertEquals(Optional.of(scene.founder.publicKey()), roster.keyOf(scene.founder.nodeId()));
    assertInstanceOf(
        Verdict.Admitted.class,
        roster.check(
            Credential.ofFounder(scene.founder.publicKey(), scene.meshId, "founder"), NOW_MILLIS));
  }

  @Test
  void admitsAlongAChainOfInvites() {
    SigningKey first = scene.key();
    SigningKey second = scene.key();
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    scene.join(first, 2, invite);
    SigningKey next = scene.invite(first, 3, 2, Scene.FOREVER);
    scene.join(second, 4, next);
    assertEquals(3, scene.roster().members().size());
    assertEquals(Optional.of(next.publicKey()), member(second).inviteKey());
    assertEquals(Scene.at(4), member(second).joinedHlc());
    assertEquals(
        List.of(7, 1), scene.roster().invites().stream().map(InviteState::usesLeft).toList());
  }

  @Test
  void aJoinersClockMayRunBehindItsInvites() {
    SigningKey joiner = scene.key();
    scene.join(joiner, 1, scene.invite(scene.founder, 3, 1, Scene.FOREVER));
    assertTrue(isMember(joiner));
  }

  @Test
  void anInviteByAStrangerAdmitsNobody() {
    SigningKey stranger = scene.key();
    SigningKey joiner = scene.key();
    SigningKey invite = scene.invite(stranger, 1, 8, Scene.FOREVER);
    scene.join(stranger, 2, invite);
    scene.join(joiner, 2, invite);
    assertEquals(1, scene.roster().members().size());
    assertEquals(Reason.UNKNOWN_INVITE, reason(scene.credential(joiner, invite)));
  }

  @Test
  void aProofByAnotherKeyOrForAnotherJoinerAdmitsNobody() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    SigningKey thief = scene.key();
    byte[] forged = InviteProof.sign(thief, scene.meshId, thief.publicKey()).proof();
    byte[] stolen = InviteProof.sign(invite, scene.meshId, scene.key().publicKey()).proof();
    scene.joinWith(thief, 2, invite.publicKey(), forged);
    scene.joinWith(thief, 3, invite.publicKey(), stolen);
    assertFalse(isMember(thief));
    for (byte[] proof : List.of(forged, stolen)) {
      Credential credential =
          Credential.ofJoiner(
              thief.publicKey(), scene.meshId, new InviteProof(invite.publicKey(), proof), "t");
      assertEquals(Reason.BAD_PROOF, reason(credential));
    }
  }

  @Test
  void theFirstJoinsStandWhenThereAreMoreThanUses() {
    SigningKey invite = scene.invite(scene.founder, 1, 2, Scene.FOREVER);
    SigningKey late = scene.key();
    SigningKey early = scene.key();
    SigningKey middle = scene.key();
    scene.join(late, 9, invite);
    scene.join(middle, 5, invite);
    scene.join(early, 4, invite);
    scene.join(early, 3, invite);
    assertTrue(isMember(early));
    assertTrue(isMember(middle));
    assertFalse(isMember(late));
    assertEquals(Reason.INVITE_USED_UP, reason(scene.credential(late, invite)));
    assertEquals(Scene.at(3), member(early).joinedHlc());
    assertEquals(Set.of(late.nodeId()), scene.roster().snapshot().latecomers());
  }

  @Test
  void whoCameTooLateByOneInviteAndInTimeByAnotherIsAMember() {
    SigningKey invite = scene.invite(scene.founder, 1, 1, Scene.FOREVER);
    SigningKey other = scene.invite(scene.founder, 1, 1, Scene.FOREVER);
    SigningKey late = scene.key();
    scene.join(scene.key(), 2, invite);
    scene.join(late, 3, invite);
    assertEquals(Set.of(late.nodeId()), scene.roster().snapshot().latecomers());
    scene.join(late, 4, other);
    assertTrue(isMember(late));
    assertEquals(Set.of(), scene.roster().snapshot().latecomers());
  }

  @Test
  void aJoinAfterExpiryDoesNotStand() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, 40);
    SigningKey inTime = scene.key();
    SigningKey late = scene.key();
    scene.join(inTime, 40, invite);
    scene.join(late, 41, invite);
    assertTrue(isMember(inTime));
    assertFalse(isMember(late));
    assertEquals(Reason.INVITE_EXPIRED, reason(scene.credential(late, invite)));
    assertInstanceOf(
        Verdict.Admitted.class, scene.roster().check(scene.credential(inTime, invite), NOW_MILLIS));
    assertInstanceOf(
        Verdict.Pending.class, scene.roster().check(scene.credential(late, invite), 40_000));
  }

  @Test
  void aGoodInviteIsPendingUntilTheJoinArrives() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    SigningKey joiner = scene.key();
    Credential credential = scene.credential(joiner, invite);
    assertInstanceOf(Verdict.Pending.class, scene.roster().check(credential, NOW_MILLIS));
    scene.join(joiner, 2, invite);
    assertInstanceOf(Verdict.Admitted.class, scene.roster().check(credential, NOW_MILLIS));
  }

  @Test
  void refusesNodesOfAnotherMeshAndNodesWithoutInvite() {
    SigningKey stranger = scene.key();
    assertEquals(
        Reason.OTHER_MESH,
        reason(Credential.ofFounder(stranger.publicKey(), new Scene(8).meshId, "s")));
    assertEquals(
        Reason.UNKNOWN_INVITE,
        reason(Credential.ofFounder(stranger.publicKey(), scene.meshId, "s")));
    Roster empty = new Roster(scene.meshId);
    assertInstanceOf(
        Verdict.Pending.class,
        empty.check(Credential.ofFounder(stranger.publicKey(), scene.meshId, "s"), NOW_MILLIS));
    assertInstanceOf(
        Verdict.Refused.class,
        empty.check(
            Credential.ofFounder(stranger.publicKey(), new Scene(8).meshId, "s"), NOW_MILLIS));
  }

  @Test
  void aRevokedMemberIsKeptMarkedAndRefused() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    SigningKey joiner = scene.key();
    scene.join(joiner, 2, invite);
    scene.revoke(scene.founder, 5, joiner);
    scene.revoke(scene.founder, 4, joiner);
    assertEquals(OptionalLong.of(Scene.at(4)), member(joiner).revokedHlc());
    assertFalse(member(joiner).active());
    assertTrue(member(joiner).speaksAt(Scene.at(4)));
    assertFalse(member(joiner).speaksAt(Scene.at(4) + 1));
    assertEquals(Optional.of(joiner.publicKey()), scene.roster().keyOf(joiner.nodeId()));
    assertEquals(Reason.REVOKED, reason(scene.credential(joiner, invite)));
  }

  @Test
  void whatARevokedMemberIssuesLaterIsIgnored() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    SigningKey issuer = scene.key();
    scene.join(issuer, 2, invite);
    SigningKey before = scene.invite(issuer, 3, 8, Scene.FOREVER);
    SigningKey guest = scene.key();
    scene.join(guest, 4, before);
    scene.revoke(scene.founder, 5, issuer);
    SigningKey after = scene.invite(issuer, 6, 8, Scene.FOREVER);
    SigningKey lateGuest = scene.key();
    scene.join(lateGuest, 7, before);
    scene.join(lateGuest, 7, after);
    scene.revoke(issuer, 8, scene.founder);
    assertTrue(isMember(guest));
    assertFalse(isMember(lateGuest));
    assertTrue(member(scene.founder).active());
    assertEquals(Reason.REVOKED, reason(scene.credential(lateGuest, before)));
    assertEquals(Reason.UNKNOWN_INVITE, reason(scene.credential(lateGuest, after)));
  }

  @Test
  void ofTwoWhoRevokeEachOtherTheEarlierPrevails() {
    SigningKey joiner = scene.key();
    scene.join(joiner, 2, scene.invite(scene.founder, 1, 8, Scene.FOREVER));
    scene.revoke(joiner, 9, scene.founder);
    scene.revoke(scene.founder, 8, joiner);
    assertTrue(member(scene.founder).active());
    assertFalse(member(joiner).active());
  }

  @Test
  void aRevocationByAStrangerIsVoid() {
    scene.revoke(scene.key(), 1, scene.founder);
    assertTrue(member(scene.founder).active());
  }

  @Test
  void recordsWithAWrongSignatureOrOfAnotherMeshChangeNothing() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    SigningKey joiner = scene.key();
    scene.join(joiner, 2, invite);
    scene.revoke(joiner, 3, scene.founder);
    Roster roster = new Roster(scene.meshId);
    // Each forgery comes when all that it needs to be believed is there.
    for (SignedRecord record : scene.records) {
      View before = View.of(roster);
      roster.apply(forged(record));
      assertEquals(before, View.of(roster));
      roster.apply(record);
    }
    View before = View.of(roster);
    new Scene(8).records.forEach(roster::apply);
    scene.records.forEach(roster::apply);
    assertEquals(before, View.of(roster));
    assertEquals(2, roster.members().size());
  }

  @Test
  void ofSeveralInvitesWithOneKeyAnyMayAdmit() {
    SigningKey invite = scene.key();
    SigningKey joiner = scene.key();
    PublicKey key = invite.publicKey();
    scene.invite(scene.founder, 1, 8, 10, key);
    scene.invite(scene.founder, 20, 1, Scene.FOREVER, key);
    assertInstanceOf(
        Verdict.Pending.class, scene.roster().check(scene.credential(joiner, invite), NOW_MILLIS));
    scene.join(joiner, 30, invite);
    assertTrue(isMember(joiner));
  }

  @Test
  void aSnapshotDoesNotChange() {
    Roster roster = scene.roster();
    RosterSnapshot before = roster.snapshot();
    scene.join(scene.key(), 2, scene.invite(scene.founder, 1, 8, Scene.FOREVER));
    scene.records.forEach(roster::apply);
    assertEquals(1, before.members().size());
    assertEquals(2, roster.snapshot().members().size());
  }

  @Test
  void sentencesQuoteNoControlCharacters() {
    Credential credential =
        Credential.ofFounder(scene.key().publicKey(), Hash.parse("ab".repeat(32)), "a\u001b[2J\n");
    var refused =
        assertInstanceOf(Verdict.Refused.class, scene.roster().check(credential, NOW_MILLIS));
    assertTrue(refused.sentence().startsWith("node 'a??2J?' ("), refused.sentence());
  }

  @Test
  void anIdentityRevokedBeforeItJoinsStaysOut() {
    SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    SigningKey joiner = scene.key();
    scene.revoke(scene.founder, 2, joiner);
    scene.join(joiner, 3, invite);
    assertFalse(isMember(joiner));
    assertEquals(Reason.REVOKED, reason(scene.credential(joiner, invite)));
  }

  @Test
  void ofSeveralStandingJoinsTheEarliestCounts() {
    SigningKey joiner = scene.key();
    SigningKey first = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
    SigningKey second = scene.invite(scene.founder, 2, 8, Scene.FOREVER);
    scene.join(joiner, 9, first);
    scene.join(joiner, 4, second);
    assertEquals(Optional.of(second.publicKey()), member(joiner).inviteKey());
    scene.join(joiner, 3, first);
    assertEquals(Optional.of(first.publicKey()), member(joiner).inviteKey());
  }

  @Test
  void aJoinerWithoutLedgerTakesTheRightMeshButNoForgedProof() {
    SigningKey key = scene.key();
    Credential good = scene.credential(key, scene.key());
    assertInstanceOf(Verdict.Pending.class, Verdict.provisional(scene.meshId, good));
    Credential forged =
        Credential.ofJoiner(
            key.publicKey(),
            scene.meshId,
            new InviteProof(scene.key().publicKey(), new byte[64]),
            "f");
    var refused =
        assertInstanceOf(Verdict.Refused.class, Verdict.provisional(scene.meshId, forged));
    assertEquals(Reason.BAD_PROOF, refused.reason());
  }

  private static SignedRecord forged(SignedRecord record) {
    byte[] encoded = record.encoded();
    encoded[encoded.length - 40] ^= 1;
    return assertInstanceOf(Decoded.Valid.class, SignedRecord.decode(encoded)).record();
  }

  private record View(List<Member> members, List<InviteState> invites) {
    static View of(Roster roster) {
      return new View(roster.members(), roster.invites());
    }
  }

  private Reason reason(Credential credential) {
    Verdict verdict = scene.roster().check(credential, NOW_MILLIS);
    var refused = assertInstanceOf(Verdict.Refused.class, verdict);
    assertTrue(refused.sentence().contains(credential.nodeId().toString()), refused.sentence());
    return refused.reason();
  }

  private boolean isMember(SigningKey key) {
    return scene.roster().member(key.nodeId()).isPresent();
  }

  private Member member(SigningKey key) {
    return scene.roster().member(key.nodeId()).orElseThrow();
  }
}
