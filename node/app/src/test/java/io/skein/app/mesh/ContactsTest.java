package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.ContactAcknowledgement;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ContactsTest {
  private static final Hash MESH = Hash.of(new byte[Hash.BYTES]);
  private static final SigningKey RATER = SigningKey.generate(new Random(1));
  private static final SigningKey PEER = SigningKey.generate(new Random(2));

  private final Contacts rater = new Contacts(RATER, MESH);
  private final Contacts peer = new Contacts(PEER, MESH);
  private final Map<NodeId, byte[]> sent = new LinkedHashMap<>();

  @Test
  void aPeersWordVerifiesAtTheOneItWasGivenTo() {
    peer.acknowledge(Set.of(RATER.nodeId()), 42, sent::put);
    assertTrue(
        rater.receive(
            PEER.nodeId(), Optional.ofNullable(sent.get(RATER.nodeId())).orElseThrow(), 42));

    byte[] word = rater.wordOf(PEER.nodeId(), 42);
    assertTrue(ContactAcknowledgement.verifies(PEER.publicKey(), MESH, RATER.nodeId(), 42, word));
    assertEquals(0, rater.wordOf(PEER.nodeId(), 41).length);
    assertEquals(0, rater.wordOf(RATER.nodeId(), 42).length);
  }

  @Test
  void eachPeerIsToldOnceAWindow() {
    Set<NodeId> peers = Set.of(RATER.nodeId());
    peer.acknowledge(peers, 42, sent::put);
    sent.clear();
    peer.acknowledge(peers, 42, sent::put);
    assertTrue(sent.isEmpty());
    peer.acknowledge(peers, 43, sent::put);
    assertEquals(peers, sent.keySet());
  }

  @Test
  void aPeerThatComesBackIsToldAgain() {
    peer.acknowledge(Set.of(RATER.nodeId()), 42, sent::put);
    peer.acknowledge(Set.of(), 42, sent::put);
    sent.clear();
    peer.acknowledge(Set.of(RATER.nodeId()), 42, sent::put);
    assertEquals(1, sent.size());
  }

  @Test
  void takesNothingOfTheWrongLength() {
    for (int length : new int[] {0, 1, Contacts.MESSAGE_BYTES - 1, Contacts.MESSAGE_BYTES + 1}) {
      assertFalse(rater.receive(PEER.nodeId(), new byte[length], 0));
    }
  }

  @Test
  void takesWindowsNearTheCurrentOneOnly() {
    assertFalse(rater.receive(PEER.nodeId(), message(38), 42));
    assertTrue(rater.receive(PEER.nodeId(), message(39), 42));
    assertTrue(rater.receive(PEER.nodeId(), message(45), 42));
    assertFalse(rater.receive(PEER.nodeId(), message(46), 42));
    assertFalse(rater.receive(PEER.nodeId(), message(Long.MAX_VALUE), 42));
  }

  @Test
  void takesNoWindowThatOverflowsTheDistance() {
    byte[] message = new byte[Contacts.MESSAGE_BYTES];
    ByteBuffer.wrap(message).putLong(Long.MIN_VALUE + 42);
    assertFalse(rater.receive(PEER.nodeId(), message, 42));
    ByteBuffer.wrap(message).putLong(-1);
    assertFalse(rater.receive(PEER.nodeId(), message, 1));
  }

  @Test
  void keepsTheWordsOfABoundedNumberOfPeers() {
    byte[] message = new byte[Contacts.MESSAGE_BYTES];
    ByteBuffer.wrap(message).putLong(42);
    for (int i = 0; i < 4_096; i++) {
      assertTrue(rater.receive(new NodeId(7, i), message, 42));
    }
    assertFalse(rater.receive(PEER.nodeId(), message, 42));
    assertTrue(rater.receive(new NodeId(7, 0), message, 42), "who is known is heard");
    ByteBuffer.wrap(message).putLong(52);
    assertTrue(rater.receive(PEER.nodeId(), message, 52), "old words make room");
  }

  @Test
  void forgetsOldWindows() {
    for (long window = 10; window <= 20; window++) {
      assertTrue(rater.receive(PEER.nodeId(), message(window), window));
    }
    assertEquals(0, rater.wordOf(PEER.nodeId(), 16).length);
    assertEquals(64, rater.wordOf(PEER.nodeId(), 17).length);
    assertEquals(64, rater.wordOf(PEER.nodeId(), 20).length);
  }

  private static byte[] message(long window) {
    byte[] word = new byte[64];
    Arrays.fill(word, (byte) 5);
    return ByteBuffer.allocate(Contacts.MESSAGE_BYTES).putLong(window).put(word).array();
  }
}
