package io.skein.reputation.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static final FeedId FEED = new FeedId(new NodeId(1, 2), 3);

  private final Evidence evidence = new Evidence((_, _, _, _) -> AcknowledgementCheck.Answer.VALID);

  @Test
  void forgetsInventedSubjectsWithTheirWindows() {
    for (long window = 0; window < 1_000; window++) {
      speak(window, "s/" + window);
    }
    assertEquals(Decay.WINDOWS, evidence.subjects());
    assertEquals(Decay.WINDOWS, evidence.subjectLimit());
  }

  @Test
  void aSubjectNamedTwiceInARecordCountsOnce() {
    EndpointOutcome once = new EndpointOutcome("s/x", 900, 0, 0, 0);
    EndpointOutcome again = new EndpointOutcome("s/x", 900, 7, 0, 0);
    PeerOutcome peer = new PeerOutcome(new NodeId(9, 9), 5, 0, new byte[0]);
    evidence.apply(
        FEED, 1, Hash.ZERO, new Body.Performance(5, List.of(once, again), List.of(peer, peer)));
    Counted endpoint = evidence.counted(FEED.author(), new EndpointSubject("s/x"), 5).getFirst();
    assertEquals(900, endpoint.good());
    assertEquals(0, endpoint.bad());
    assertEquals(
        5, evidence.counted(FEED.author(), new PeerSubject(new NodeId(9, 9)), 5).getFirst().good());
  }

  @Test
  void leavesOutWindowsBeyondReason() {
    assertFalse(speak(Long.MAX_VALUE, "s/x"));
    assertEquals(-1, evidence.newestWindow(FEED.author()));
  }

  @Test
  void anAuthorFarAheadPushesOutOnlyItsOwnWindows() {
    speak(10, "s/x");
    speak(10 + Decay.WINDOWS * 1_000L, "s/x");
    assertEquals(List.of(), evidence.counted(FEED.author(), new EndpointSubject("s/x"), 10));
    assertFalse(speak(10, "s/x"));
  }

  private boolean speak(long window, String endpoint) {
    return evidence.apply(
        FEED,
        window,
        Hash.ZERO,
        new Body.Performance(
            window, List.of(new EndpointOutcome(endpoint, 5, 0, 0, 0)), List.of()));
  }
}
