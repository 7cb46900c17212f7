package io.skein.simulator.attack;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.evidence.PeerSubject;

/// A node: its key, the pen it writes its feed with, and its conduct.
final class Citizen {
  private static final long EPOCH = 1L << 32;

  final int number;
  final SigningKey key;
  final NodeId id;
  final PeerSubject subject;
  Conduct conduct;
  private long seq;
  private Hash prev = Hash.ZERO;

  Citizen(int number, SigningKey key, Conduct conduct) {
    this.number = number;
    this.key = key;
    this.id = key.nodeId();
    this.subject = new PeerSubject(id);
    this.conduct = conduct;
  }

  boolean honest() {
    return conduct == Conduct.HONEST;
  }

  /// The next record of its feed.
  SignedRecord write(Hash meshId, long millis, Body body) {
    SignedRecord record = draft(meshId, millis, body);
    seq++;
    prev = record.hash();
    return record;
  }

  /// A record for the next place of its feed, which stays free.
  SignedRecord draft(Hash meshId, long millis, Body body) {
    return SignedRecord.sign(key, meshId, EPOCH, seq + 1, prev, HybridClock.at(millis), body);
  }
}
