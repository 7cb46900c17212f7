package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.gossip.transport.Parted;
import io.skein.gossip.transport.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jgroups.Address;
import org.jgroups.ViewId;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

final class PartedPeersTest {
  private static final PeerId A = new PeerId(0, 1);
  private static final PeerId B = new PeerId(0, 2);
  private static final PeerId C = new PeerId(0, 3);
  private static final Address SELF = PeerAddress.random(A, "a");

  private final Address b = PeerAddress.random(B, "b");
  private final Address c = PeerAddress.random(C, "c");
  private long second;
  private final PartedPeers peers =
      new PartedPeers(Duration.ofSeconds(10), () -> second * 1_000_000_000L);

  private void heard(Address member, Address creator, long number) {
    peers.heard(member, new ViewId(creator, number));
  }

  private Parted now(long atSecond) {
    second = atSecond;
    return peers.now();
  }

  /// Seen by the node alone in its view.
  private static Parted parted(int largest, Map<PeerId, Integer> seconds) {
    return parted(Set.of(A), largest, seconds);
  }

  private static Parted parted(Set<PeerId> view, int largest, Map<PeerId, Integer> seconds) {
    TreeMap<PeerId, Duration> since = new TreeMap<>();
    seconds.forEach((peer, each) -> since.put(peer, Duration.ofSeconds(each)));
    return new Parted(new TreeSet<>(view), since, largest);
  }

  @Test
  void whoTellsOfItselfIsKnownSinceItsFirstWord() {
    peers.view(List.of(SELF));
    heard(b, b, 4);
    assertEquals(parted(1, Map.of(B, 8)), now(8));
    heard(b, b, 5);
    assertEquals(parted(1, Map.of(B, 18)), now(18));
  }

  @Test
  void whoIsSilentForLongerThanThePauseBeginsAnew() {
    peers.view(List.of(SELF));
    heard(b, b, 4);
    assertEquals(parted(1, Map.of(B, 10)), now(10));
    assertEquals(parted(0, Map.of()), now(11));
    heard(b, b, 4);
    assertEquals(parted(1, Map.of(B, 2)), now(13));
  }

  @Test
  void whoIsInTheViewIsNotParted() {
    peers.view(List.of(SELF, c));
    heard(b, b, 4);
    heard(c, SELF, 7);
    assertEquals(parted(Set.of(A, C), 1, Map.of(B, 0)), now(0));
    peers.view(List.of(SELF, b, c));
    assertEquals(parted(Set.of(A, B, C), 0, Map.of()), now(1));
    peers.view(List.of(SELF));
    heard(b, b, 9);
    assertEquals(parted(1, Map.of(B, 0)), now(1));
  }

  @Test
  void membersThatTellOfOneViewAreCountedTogether() {
    peers.view(List.of(SELF));
    heard(b, b, 4);
    heard(c, c, 4);
    assertEquals(parted(1, Map.of(B, 0, C, 0)), now(0));
    second = 1;
    heard(c, b, 4);
    assertEquals(parted(2, Map.of(B, 1, C, 1)), now(1));
  }

  @Test
  void aNodesNextLifeIsAnotherMember() {
    peers.view(List.of(SELF, b));
    heard(PeerAddress.random(B, "b"), b, 1);
    assertEquals(parted(Set.of(A, B), 1, Map.of(B, 3)), now(3));
  }

  @Test
  void beforeTheFirstViewNobodyIsPartedNorIsAMemberWithoutIdentity() {
    heard(b, b, 4);
    assertEquals(parted(Set.of(), 0, Map.of()), now(0));
    peers.view(List.of(SELF));
    heard(UUID.randomUUID(), b, 4);
    assertEquals(parted(0, Map.of()), now(0));
  }

  @Test
  void nobodyCanMakeItRememberMoreThanSoMany() {
    peers.view(List.of(SELF));
    for (int i = 0; i < 2 * PartedPeers.MOST; i++) {
      heard(PeerAddress.random(new PeerId(1, i), "x"), b, 1);
    }
    assertEquals(PartedPeers.MOST, now(0).peers().size());
    second = 9;
    heard(PeerAddress.random(B, "b"), b, 1);
    assertEquals(0, now(11).peers().size());
    heard(b, b, 1);
    assertEquals(1, now(11).peers().size());
  }

  @Test
  void threeSearchesAreAPause() {
    assertEquals(Duration.ofMillis(13_500), PartedPeers.pause(JGroupsTimers.defaults()));
  }
}
