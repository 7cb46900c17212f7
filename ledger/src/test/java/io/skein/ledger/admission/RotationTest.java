package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.admission.Verdict.Reason;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class RotationTest {
  private static final long NOW_MILLIS = 50_000;

  private final Scene scene = new Scene(11);
  private final SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
  private final SigningKey old = scene.key();

  RotationTest() {
    scene.join(old, 2, invite);
  }

  @Test
  void theSuccessorInheritsNameInviteAndAge() {
    SigningKey fresh = scene.rotate(old, 5);
    Member before = member(old);
    Member after = member(fresh);
    assertEquals(before.name(), after.name());
    assertEquals(Optional.of(invite.publicKey()), after.inviteKey());
    assertEquals(Scene.at(2), after.joinedHlc());
    assertEquals(fresh.publicKey(), after.key());
    assertEquals(Optional.of(old.nodeId()), after.predecessor());
    assertTrue(after.active());
    assertFalse(before.active());
    assertFalse(before.revoked());
    assertEquals(OptionalLong.of(Scene.at(5)), before.endedHlc());
    assertTrue(before.speaksAt(Scene.at(5)));
    assertFalse(before.speaksAt(Scene.at(5) + 1));
    RosterSnapshot roster = scene.roster().snapshot();
    assertEquals(fresh.nodeId(), roster.current(old.nodeId()));
    assertEquals(
        List.of(fresh.nodeId(), old.nodeId()),
        roster.line(fresh.nodeId()).stream().map(Member::id).toList());
    assertEquals(7, roster.invites().getFirst().usesLeft(), "a rotation is no second join");
  }

  @Test
  void theFounderMayRotateToo() {
    SigningKey fresh = scene.rotate(scene.founder, 5);
    assertEquals(Optional.empty(), member(fresh).inviteKey());
    assertEquals("founder", member(fresh).name());
    assertInstanceOf(Verdict.Admitted.class, verdict(successorClaim(fresh, List.of())));
  }

  @Test
  void theOldKeyIsRefusedAndToldToWhom() {
    SigningKey fresh = scene.rotate(old, 5);
    SigningKey latest = scene.rotate(fresh, 6);
    var refused = refused(scene.credential(old, invite));
    assertEquals(Reason.ROTATED, refused.reason());
    assertTrue(
        refused.sentence().contains("was rotated to " + latest.nodeId()), refused.sentence());
    assertInstanceOf(Verdict.Admitted.class, verdict(successorClaim(latest, List.of())));
  }

  @Test
  void whatTheOldKeyWritesAfterwardsIsIgnoredAndWhatItIssuedBeforeStands() {
    SigningKey before = scene.invite(old, 4, 8, Scene.FOREVER);
    SigningKey fresh = scene.rotate(old, 5);
    SigningKey after = scene.invite(old, 6, 8, Scene.FOREVER);
    SigningKey guest = scene.key();
    SigningKey lateGuest = scene.key();
    scene.join(guest, 7, before);
    scene.join(lateGuest, 7, after);
    scene.revoke(old, 8, scene.founder);
    assertTrue(isMember(guest));
    assertFalse(isMember(lateGuest));
    assertTrue(member(scene.founder).active());
    scene.revoke(fresh, 9, guest);
    assertFalse(member(guest).active());
  }

  @Test
  void ofTwoRotationsTheFirstPrevails() {
    SigningKey second = scene.rotate(old, 6);
    SigningKey first = scene.rotate(old, 5);
    assertTrue(isMember(first));
    assertFalse(isMember(second));
    SignedRecord record =
        scene.records.stream()
            .filter(it ->
                it.body() instanceof Body.Rotate rotate
                    && rotate.successor().equals(second.publicKey()))
            .findFirst()
            .orElseThrow();
    var refused = refused(successorClaim(second, List.of(record)));
    assertEquals(Reason.ROTATED, refused.reason());
    assertTrue(refused.sentence().contains(first.nodeId().toString()), refused.sentence());
  }

  @Test
  void aRotationNeedsTheSuccessorsConsentAndTheAuthorsWord() {
    SigningKey victim = scene.key();
    byte[] otherIdentity = RotationProof.sign(victim, scene.meshId, scene.founder.nodeId());
    scene.add(old, 4, new Body.Rotate(victim.publicKey(), otherIdentity));
    scene.rotate(old, 5, old);
    SigningKey stranger = scene.key();
    SigningKey friend = scene.rotate(stranger, 5);
    assertTrue(member(old).active());
    assertFalse(isMember(victim));
    assertFalse(isMember(friend));
  }

  @Test
  void aRevocationEndsAllWhoTookOver() {
    SigningKey thief = scene.rotate(old, 5);
    SigningKey thiefAgain = scene.rotate(thief, 6);
    SigningKey token = scene.invite(thief, 5, 8, Scene.FOREVER);
    scene.revoke(scene.founder, 7, old);
    SigningKey accomplice = scene.key();
    scene.join(accomplice, 8, token);
    assertTrue(member(thief).revoked());
    assertEquals(OptionalLong.of(Scene.at(7)), member(thiefAgain).revokedHlc());
    assertFalse(isMember(accomplice));
    var refused = refused(successorClaim(thiefAgain, List.of()));
    assertEquals(Reason.REVOKED, refused.reason());
    assertTrue(refused.sentence().contains(old.nodeId().toString()), refused.sentence());
  }

  @Test
  void aRevocationBeforeTheRotationPrevails() {
    SigningKey fresh = scene.rotate(old, 6);
    scene.revoke(scene.founder, 5, old);
    assertFalse(isMember(fresh));
    assertEquals(Optional.empty(), member(old).rotation());
    SignedRecord record = scene.roster().rotationTo(fresh.nodeId()).orElseThrow();
    assertEquals(Reason.REVOKED, refused(successorClaim(fresh, List.of(record))).reason());
  }

  @Test
  void revokingTheSuccessorEndsTheInvitesOfTheOldIdentity() {
    SigningKey token = scene.invite(old, 3, 8, Scene.FOREVER);
    SigningKey fresh = scene.rotate(old, 5);
    scene.revoke(scene.founder, 7, fresh);
    SigningKey guest = scene.key();
    scene.join(guest, 8, token);
    assertFalse(isMember(guest));
    assertEquals(Reason.REVOKED, refused(scene.credential(guest, token)).reason());
    assertFalse(member(old).revoked());
  }

  @Test
  void twoIdentitiesMayBecomeOneAndCirclesEndAll() {
    SigningKey other = scene.key();
    scene.join(other, 3, invite);
    scene.rotate(old, 5, other);
    assertEquals(Scene.at(2), member(other).joinedHlc());
    scene.rotate(other, 6, old);
    assertFalse(member(old).active());
    assertFalse(member(other).active());
    scene.roster().snapshot().current(old.nodeId());
    scene.roster().snapshot().line(old.nodeId());
  }

  @Test
  void aSuccessorWhoseRotationHasNotSpreadShowsItInItsCertificate() throws CertificateException {
    Roster behind = scene.roster();
    List<SignedRecord> rotations = new ArrayList<>();
    SigningKey holder = old;
    for (int i = 0; i < 6; i++) {
      SigningKey next = scene.key();
      rotations.add(scene.rotate(holder, 5 + i, next));
      holder = next;
    }
    Credential claim = claim(holder, rotations.subList(2, 6));
    assertEquals(Credential.MAX_SUCCESSION, claim.succession().size());
    var refused = assertInstanceOf(Verdict.Refused.class, behind.check(claim, NOW_MILLIS));
    assertEquals(Reason.UNKNOWN_INVITE, refused.reason());
    behind.apply(rotations.get(0));
    behind.apply(rotations.get(1));
    assertInstanceOf(Verdict.Pending.class, behind.check(claim, NOW_MILLIS));
    behind.apply(rotations.get(2));
    assertInstanceOf(Verdict.Pending.class, behind.check(claim, NOW_MILLIS));
    rotations.forEach(behind::apply);
    assertInstanceOf(Verdict.Admitted.class, behind.check(claim, NOW_MILLIS));
  }

  @Test
  void shownRotationsMustLeadToTheKeyAndBeSigned() throws CertificateException {
    Roster behind = scene.roster();
    SigningKey fresh = scene.key();
    SignedRecord good = scene.rotate(old, 5, fresh);
    SignedRecord ofAnother =
        SignedRecord.sign(
            scene.key(),
            scene.meshId,
            1,
            9,
            good.hash(),
            Scene.at(5),
            new Body.Rotate(
                fresh.publicKey(), RotationProof.sign(fresh, scene.meshId, old.nodeId())));
    for (List<SignedRecord> shown :
        List.of(List.of(ofAnother), List.of(scene.records.getFirst()))) {
      assertInstanceOf(Verdict.Refused.class, behind.check(claim(fresh, shown), NOW_MILLIS));
    }
    SigningKey stranger = scene.key();
    var refused =
        assertInstanceOf(
            Verdict.Refused.class, behind.check(claim(stranger, List.of(good)), NOW_MILLIS));
    assertEquals(Reason.BAD_PROOF, refused.reason());
    assertInstanceOf(Verdict.Pending.class, behind.check(claim(fresh, List.of(good)), NOW_MILLIS));
  }

  @Test
  void theLongestClaimFitsACertificate() throws CertificateException {
    List<SignedRecord> rotations = new ArrayList<>();
    SigningKey holder = old;
    for (int i = 0; i < 9; i++) {
      SigningKey next = scene.key();
      rotations.add(
          SignedRecord.sign(
              holder,
              scene.meshId,
              -1,
              Long.MAX_VALUE,
              scene.records.getLast().hash(),
              Long.MAX_VALUE,
              new Body.Rotate(
                  next.publicKey(), RotationProof.sign(next, scene.meshId, holder.nodeId()))));
      holder = next;
    }
    Credential claim =
        Credential.ofSuccessor(
            holder.publicKey(), scene.meshId, rotations, "n".repeat(Body.MAX_TEXT));
    X509Certificate certificate =
        claim.certificate(holder, BigInteger.ONE, Instant.EPOCH, Instant.EPOCH.plusSeconds(9));
    assertEquals(claim, Credential.of(certificate));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Credential(
                scene.founder.publicKey(), scene.meshId, Optional.empty(), "n", rotations));
  }

  /// By way of a certificate, as peers see it.
  private Credential claim(SigningKey key, List<SignedRecord> rotations)
      throws CertificateException {
    return Credential.of(
        successorClaim(key, rotations)
            .certificate(key, BigInteger.ONE, Instant.EPOCH, Instant.EPOCH.plusSeconds(9)));
  }

  private Credential successorClaim(SigningKey key, List<SignedRecord> rotations) {
    return Credential.ofSuccessor(key.publicKey(), scene.meshId, rotations, "node");
  }

  private Verdict verdict(Credential credential) {
    return scene.roster().check(credential, NOW_MILLIS);
  }

  private Verdict.Refused refused(Credential credential) {
    return assertInstanceOf(Verdict.Refused.class, verdict(credential));
  }

  private boolean isMember(SigningKey key) {
    return scene.roster().member(key.nodeId()).isPresent();
  }

  private Member member(SigningKey key) {
    return scene.roster().member(key.nodeId()).orElseThrow();
  }
}
