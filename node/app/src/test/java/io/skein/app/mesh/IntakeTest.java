package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.app.traffic.TrafficHistory;
import io.skein.gossip.membership.MemberState;
import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.Reconciler;
import io.skein.ledger.sync.ReconcilerConfig;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What peers send reaches whom it is for; what is nothing is dropped, counted, and told of once.
final class IntakeTest {
  private static final SigningKey JOINER = SigningKey.generate(new SplittableRandom(2));
  private static final NodeId PEER = JOINER.nodeId();
  private static final PeerId FROM = Peers.peerId(PEER);

  private final SplittableRandom random = new SplittableRandom(1);
  private final SigningKey key = SigningKey.generate(random);
  private final MeshThread thread = new MeshThread("test");
  private final Ledger ledger = NewLedger.of(key, () -> 50_000_000, random);
  private final EventLog events = new EventLog(() -> Instant.EPOCH);
  private final List<Integer> goodbyes = new ArrayList<>();
  private final Peers peers =
      new Peers(key.nodeId(), 1, (_, _) -> {}, random, _ -> {}, (_, _) -> {});
  private final Contacts contacts = new Contacts(key, ledger.meshId());
  private final Exclusion exclusion =
      new Exclusion(
          key.nodeId(), NodeId::toString, events, Runnable::run, Runnable::run, _ -> {}, _ -> {});
  private final Records records =
      new Records(
          ledger,
          new Reconciler(ledger, (_, _) -> {}, random, ReconcilerConfig.defaults()),
          thread,
          () -> 0);
  private final WindowTurns windows =
      new WindowTurns(
          new WindowRecorder(new TrafficHistory(), new TrafficHistory(), contacts, _ -> true),
          contacts,
          _ -> {},
          () -> OptionalLong.of(2_000),
          () -> 50_000_000,
          (_, _) -> {});
  private final Intake intake =
      new Intake(
          exclusion,
          peers,
          contacts,
          windows,
          new Farewell(thread, (_, message) -> goodbyes.add(message.length)),
          records,
          new Acknowledgements(new Ladders(records, key.nodeId()), thread, () -> 0),
          _ -> {},
          NodeId::toString,
          events,
          () -> 0);

  @BeforeEach
  void begin() {
    peers.view(new TreeSet<>(Set.of(FROM)), 0);
    windows.tick(Set.of());
  }

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void noiseIsDroppedCountedAndToldOfOnce() {
    for (int i = 0; i < 5; i++) {
      intake.message(FROM, Channels.STATE, new byte[] {1, 2, 3});
      intake.message(FROM, Channels.CONTACT, new byte[] {4});
      intake.message(FROM, 200, new byte[] {5});
    }
    assertEquals(10, intake.malformed(), "an unknown channel may be one of a later version");
    assertEquals(1, events.newest(100).size());
  }

  @Test
  void aPeersWordOfContactIsKept() {
    byte[] message = new byte[Contacts.MESSAGE_BYTES];
    ByteBuffer.wrap(message).putLong(windows.current());
    message[message.length - 1] = 9;
    intake.message(FROM, Channels.CONTACT, message);
    assertEquals(9, contacts.wordOf(PEER, windows.current())[63]);
    assertEquals(0, intake.malformed());
  }

  @Test
  void aPeerThatSaysGoodbyeIsAnsweredAndHasLeftWhenItIsGone() {
    intake.message(FROM, Channels.GOODBYE, new byte[0]);
    assertEquals(List.of(1), goodbyes);
    peers.view(new TreeSet<>(), 1);
    assertEquals(MemberState.LEFT, peers.all().getFirst().member().state());
  }

  @Test
  void nothingIsHeardOfAPeerThatIsCutOff() {
    SigningKey invite = SigningKey.generate(random);
    ledger.append(new Body.Invite(invite.publicKey(), 5, 60_000_000));
    byte[] proof = JoinProof.sign(invite, ledger.meshId(), JOINER.publicKey());
    Body join = new Body.Join(JOINER.publicKey(), invite.publicKey(), proof, "b");
    ledger.accept(
        SignedRecord.sign(JOINER, ledger.meshId(), 1, 1, Hash.ZERO, 1L << 16, join).encoded());
    ledger.append(new Body.Revoke(PEER, "test"));
    ledger.commit();
    exclusion.rosterChanged(ledger.roster().snapshot());

    intake.message(FROM, Channels.STATE, new byte[] {1, 2, 3});
    assertEquals(0, intake.malformed());
    intake.message(new PeerId(1, 2), Channels.STATE, new byte[] {1, 2, 3});
    assertEquals(1, intake.malformed(), "that of another is");
  }
}
