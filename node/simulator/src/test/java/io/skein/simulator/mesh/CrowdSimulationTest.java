package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.sim.SimNetwork;
import io.skein.gossip.sim.SimNetworkConfig;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SignatureLibrary;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.MemoryStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.witness.Coverage;
import io.skein.ledger.witness.Witnesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Six honest nodes, and one that invites twelve who say with it that it is nearly five minutes
/// later.
@Tag("sim")
class CrowdSimulationTest {
  private static final long START_MILLIS = 1_767_225_600_000L;
  private static final long WINDOW_MILLIS = 2_000;
  private static final long LIE_MILLIS = 288_000;
  private static final long EXPIRY_MILLIS = START_MILLIS + Duration.ofHours(1).toMillis();
  private static final int HONEST = 6;
  private static final int GUESTS = 12;

  private final SplittableRandom random = new SplittableRandom(29);
  private final SimNetwork network = new SimNetwork(29, SimNetworkConfig.calm());
  private final Addresses addresses = new Addresses();
  private final List<NodeLife> honest = new ArrayList<>();
  private final Set<NodeId> crowd = new HashSet<>();

  // Changes nothing but the time it takes.
  @BeforeAll
  static void useTheFasterLibraryWhereItLoads() {
    SignatureLibrary.useNative();
  }

  private static final class LiesAboutTheTime implements Habit {
    @Override
    public long clock(long wallMillis) {
      return wallMillis + LIE_MILLIS;
    }
  }

  @Test
  void setNobodysClockAndAreNoQuorumOfWitnesses() {
    SigningKey invite = SigningKey.generate(random);
    Hash meshId = found(invite);
    while (honest.size() < HONEST) {
      honest.add(join(meshId, invite, Habit.HONEST));
    }
    NodeLife bad = join(meshId, invite, new LiesAboutTheTime());
    crowd.add(bad.ledger().self());
    network.runFor(Duration.ofSeconds(10));
    SigningKey own = SigningKey.generate(random);
    assertTrue(bad.write(new Body.Invite(own.publicKey(), GUESTS, EXPIRY_MILLIS)));
    for (int i = 0; i < GUESTS; i++) {
      crowd.add(join(meshId, own, new LiesAboutTheTime()).ledger().self());
    }
    for (int second = 0; second < 60; second++) {
      network.runFor(Duration.ofSeconds(1));
      for (NodeLife life : honest) {
        long off = life.nowMillis() - wallMillis();
        assertTrue(Math.abs(off) <= AgreedClock.TOLERANCE_MILLIS, () -> "off by " + off + " ms");
      }
    }
    for (NodeLife life : honest) {
      assertEquals(
          HONEST + 1 + GUESTS, life.ledger().roster().members().size(), "everybody is a member");
      for (NodeLife author : honest) {
        Coverage coverage =
            life.notary().checkpoints().coverage(author.ledger().ownFeed(), 1).orElseThrow();
        assertTrue(coverage.witnessed());
        Set<NodeId> ofCrowd = new HashSet<>(coverage.cosignatures().keySet());
        ofCrowd.retainAll(crowd);
        assertTrue(ofCrowd.size() < Witnesses.QUORUM - 1, () -> "witnesses: " + ofCrowd);
      }
    }
  }

  private long wallMillis() {
    return START_MILLIS + network.nowNanos() / 1_000_000;
  }

  private AgreedClock clock() {
    return new AgreedClock(this::wallMillis, network::nowNanos);
  }

  private Hash found(SigningKey invite) {
    SigningKey key = SigningKey.generate(random);
    AgreedClock clock = clock();
    Ledger first =
        Ledger.found(
            new MemoryStore(),
            key,
            "crowded",
            new byte[Body.Genesis.NONCE_BYTES],
            WINDOW_MILLIS,
            "founder",
            new HybridClock(clock),
            random.split());
    first.append(new Body.Invite(invite.publicKey(), HONEST + 1, EXPIRY_MILLIS));
    first.commit();
    honest.add(started(key, clock, first, Habit.HONEST));
    return first.meshId();
  }

  private NodeLife join(Hash meshId, SigningKey invite, Habit habit) {
    SigningKey key = SigningKey.generate(random);
    AgreedClock clock = clock();
    byte[] proof = JoinProof.sign(invite, meshId, key.publicKey());
    Body.Join join = new Body.Join(key.publicKey(), invite.publicKey(), proof, "joiner");
    return started(
        key,
        clock,
        Ledger.join(new MemoryStore(), key, meshId, join, new HybridClock(clock), random.split()),
        habit);
  }

  private NodeLife started(SigningKey key, AgreedClock clock, Ledger ledger, Habit habit) {
    NodeLife.Site site =
        new NodeLife.Site(
            network,
            addresses,
            Addresses.of(key.nodeId()),
            clock,
            () -> Duration.ofMillis(5),
            WINDOW_MILLIS);
    NodeLife life = new NodeLife(site, key, ledger, random.split(), habit, (_, _) -> {});
    life.fallSilent();
    life.start();
    return life;
  }
}
