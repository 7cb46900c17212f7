package io.skein.simulator.mesh;

import io.skein.gossip.transport.PeerId;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A node as the storm knows it: what outlives its lives.
final class StormNode {
  final int number;
  final SigningKey key;
  final Map<NodeId, SigningKey> keyring;
  final LongSupplier wallMillis;
  SimDisk disk;
  Optional<SimDisk> image = Optional.empty();
  Optional<NodeLife> life = Optional.empty();
  Optional<PeerId> cloneAddress = Optional.empty();
  Optional<NodeLife> clone = Optional.empty();
  Optional<Liar> liar = Optional.empty();
  boolean silent;

  /// How long its disk takes at most, if that is unusual now.
  Optional<Duration> slowForce = Optional.empty();

  /// By how much its clock is wrong now, beside what it always is.
  long clockErrorMillis;

  StormNode(
      int number,
      SigningKey key,
      Map<NodeId, SigningKey> keyring,
      LongSupplier wallMillis,
      SimDisk disk) {
    this.number = number;
    this.key = key;
    this.keyring = keyring;
    this.wallMillis = () -> wallMillis.getAsLong() + clockErrorMillis;
    this.disk = disk;
  }

  /// The clock of one of its lives, which has heard of nobody yet.
  ///
  /// @param nanos that only run on
  AgreedClock wakes(LongSupplier nanos) {
    return new AgreedClock(wallMillis, nanos);
  }

  NodeId id() {
    return key.nodeId();
  }

  @Override
  public String toString() {
    return "node-" + number;
  }
}
