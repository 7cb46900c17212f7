package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.TrafficHistory;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WindowRecorderTest {
  private static final SigningKey KEY = SigningKey.generate(new Random(1));
  private static final NodeId PEER = new NodeId(1, 2);
  private static final long MILLISECOND = 1_000_000;

  private final TrafficHistory endpoints = new TrafficHistory();
  private final TrafficHistory peers = new TrafficHistory();
  private final Contacts contacts = new Contacts(KEY, Hash.ZERO);
  private final Set<NodeId> silent = new HashSet<>();
  private final WindowRecorder recorder =
      new WindowRecorder(endpoints, peers, contacts, peer -> !silent.contains(peer));

  @Test
  void nothingHappenedGivesNoRecord() {
    assertEquals(Optional.empty(), recorder.close(1));
  }

  @Test
  void countsGoodAndBadOfTheWindowOnly() {
    endpoints.meter("web/a").record(3 * MILLISECOND, false, false);
    endpoints.meter("web/a").record(3 * MILLISECOND, false, true);
    endpoints.meter("web/a").record(3 * MILLISECOND, true, false);
    Body.Performance first = recorder.close(7).orElseThrow();
    assertEquals(7, first.window());
    EndpointOutcome outcome = only(first.endpoints());
    assertEquals("web/a", outcome.endpoint());
    assertEquals(1, outcome.good());
    assertEquals(2, outcome.bad());
    assertTrue(outcome.p50Micros() >= 3_000 && outcome.p50Micros() <= 3_400, outcome.toString());

    assertEquals(Optional.empty(), recorder.close(8));
    endpoints.meter("web/a").record(3 * MILLISECOND, false, false);
    outcome = only(recorder.close(9).orElseThrow().endpoints());
    assertEquals(1, outcome.good());
    assertEquals(0, outcome.bad());
  }

  @Test
  void aBadCountAboutAPeerCarriesThePeersWordForThatWindow() {
    contacts.receive(PEER, message(7), 7);
    peers.meter(PEER.toString()).record(MILLISECOND, true, false);
    PeerOutcome outcome = only(recorder.close(7).orElseThrow().peers());
    assertEquals(PEER, outcome.peer());
    assertEquals(1, outcome.bad());
    assertArrayEquals(contacts.wordOf(PEER, 7), outcome.acknowledgement());
    assertEquals(64, outcome.acknowledgement().length);
  }

  @Test
  void withoutThePeersWordABadCountStandsAlone() {
    contacts.receive(PEER, message(6), 7);
    peers.meter(PEER.toString()).record(MILLISECOND, true, false);
    PeerOutcome outcome = only(recorder.close(7).orElseThrow().peers());
    assertEquals(1, outcome.bad());
    assertEquals(0, outcome.acknowledgement().length);
  }

  @Test
  void whoHasGoneSilentIsNotBlamed() {
    contacts.receive(PEER, message(7), 7);
    peers.meter(PEER.toString()).record(MILLISECOND, true, false);
    silent.add(PEER);
    PeerOutcome outcome = only(recorder.close(7).orElseThrow().peers());
    assertEquals(0, outcome.acknowledgement().length);
  }

  @Test
  void praiseNeedsNoWord() {
    contacts.receive(PEER, message(7), 7);
    peers.meter(PEER.toString()).record(MILLISECOND, false, false);
    PeerOutcome outcome = only(recorder.close(7).orElseThrow().peers());
    assertEquals(1, outcome.good());
    assertEquals(0, outcome.acknowledgement().length);
  }

  @Test
  void theBusiestStayWhenThereAreTooManyAndComeInOrder() {
    for (int i = 0; i < WindowRecorder.MAX_ENDPOINTS + 50; i++) {
      String id = "web/e%04d".formatted(i);
      endpoints.meter(id).record(MILLISECOND, false, false);
      if (i >= 50) {
        endpoints.meter(id).record(MILLISECOND, false, false);
      }
    }
    List<String> kept =
        recorder.close(1).orElseThrow().endpoints().stream()
            .map(EndpointOutcome::endpoint)
            .toList();
    assertEquals(WindowRecorder.MAX_ENDPOINTS, kept.size());
    assertEquals(kept.stream().sorted().toList(), kept);
    assertEquals("web/e0050", kept.getFirst());
  }

  private static <T> T only(List<T> list) {
    assertEquals(1, list.size());
    return list.getFirst();
  }

  private static byte[] message(long window) {
    byte[] word = new byte[64];
    Arrays.fill(word, (byte) 5);
    return ByteBuffer.allocate(Contacts.MESSAGE_BYTES).putLong(window).put(word).array();
  }
}
