package io.skein.ledger.admission;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A mesh's identity records in the making. Times are seconds.
final class Scene {
  static final long FOREVER = 1_000_000;

  final SplittableRandom random;
  final SigningKey founder;
  final Hash meshId;
  final List<SignedRecord> records = new ArrayList<>();

  Scene(long seed) {
    random = new SplittableRandom(seed);
    founder = key();
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    Body genesis = new Body.Genesis("mesh", nonce, 10_000, founder.publicKey(), "founder");
    SignedRecord record = SignedRecord.sign(founder, Hash.ZERO, 1, 1, Hash.ZERO, at(0), genesis);
    meshId = record.hash();
    records.add(record);
  }

  SigningKey key() {
    return SigningKey.generate(random);
  }

  /// Adds an invite and returns its key.
  SigningKey invite(SigningKey issuer, long second, int uses, long expiresAtSecond) {
    SigningKey invite = key();
    invite(issuer, second, uses, expiresAtSecond, invite.publicKey());
    return invite;
  }

  void invite(SigningKey issuer, long second, int uses, long expiresAtSecond, PublicKey invite) {
    add(issuer, second, new Body.Invite(invite, uses, expiresAtSecond * 1_000));
  }

  void join(SigningKey joiner, long second, SigningKey invite) {
    joinWith(
        joiner, second, invite.publicKey(), JoinProof.sign(invite, meshId, joiner.publicKey()));
  }

  void joinWith(SigningKey joiner, long second, PublicKey invite, byte[] proof) {
    add(joiner, second, new Body.Join(joiner.publicKey(), invite, proof, "joiner-" + second));
  }

  void revoke(SigningKey author, long second, SigningKey subject) {
    add(author, second, new Body.Revoke(subject.nodeId(), "test"));
  }

  /// Hands `author` on to a new key, which is returned.
  SigningKey rotate(SigningKey author, long second) {
    SigningKey successor = key();
    rotate(author, second, successor);
    return successor;
  }

  SignedRecord rotate(SigningKey author, long second, SigningKey successor) {
    add(
        author,
        second,
        new Body.Rotate(
            successor.publicKey(), RotationProof.sign(successor, meshId, author.nodeId())));
    return records.getLast();
  }

  void add(SigningKey author, long second, Body body) {
    // The roster looks at no chain, so that any place in the feed will do.
    long seq = body instanceof Body.Join ? 1 : 1_000 + records.size();
    Hash prev = seq == 1 ? Hash.ZERO : records.getLast().hash();
    records.add(SignedRecord.sign(author, meshId, 1, seq, prev, at(second), body));
  }

  Credential credential(SigningKey joiner, SigningKey invite) {
    return Credential.ofJoiner(
        joiner.publicKey(), meshId, InviteProof.sign(invite, meshId, joiner.publicKey()), "node");
  }

  Roster roster() {
    Roster roster = new Roster(meshId);
    records.forEach(roster::apply);
    return roster;
  }

  static long at(long second) {
    return HybridClock.at(second * 1_000);
  }
}
