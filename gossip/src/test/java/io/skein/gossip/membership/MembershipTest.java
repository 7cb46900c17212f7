package io.skein.gossip.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MembershipTest {
  private static final PeerId SELF = new PeerId(0, 0);
  private static final PeerId A = new PeerId(0, 1);
  private static final PeerId B = new PeerId(0, 2);
  private static final long SECOND = 1_000_000_000L;

  private final Membership membership = new Membership(SELF, MembershipConfig.defaults());

  private static List<String> text(List<MemberChange> changes) {
    return changes.stream()
        .map(c ->
            c.member().peer().low()
                + " "
                + c.before().map(Enum::name).orElse("-")
                + " "
                + c.member().state())
        .toList();
  }

  @Test
  void goneWithoutAWordIsDeadAndAnnouncedIsLeft() {
    assertEquals(List.of("1 - ALIVE", "2 - ALIVE"), text(membership.view(Set.of(SELF, A, B), 0)));
    membership.leaving(A, SECOND);
    assertEquals(MemberState.ALIVE, membership.member(A).orElseThrow().state());
    assertEquals(
        List.of("1 ALIVE LEFT", "2 ALIVE DEAD"), text(membership.view(Set.of(), 2 * SECOND)));
    assertEquals(List.of(), membership.sighting(B, 3 * SECOND));
    assertEquals(List.of("1 LEFT ALIVE"), text(membership.view(Set.of(A), 4 * SECOND)));
    assertEquals(List.of("1 ALIVE DEAD"), text(membership.view(Set.of(), 5 * SECOND)));
  }

  @Test
  void silenceMakesSuspectAndAWordAlive() {
    membership.view(Set.of(A, B), 0);
    membership.sighting(B, 2 * SECOND);
    assertEquals(List.of(), membership.tick(2 * SECOND));
    assertEquals(List.of("1 ALIVE SUSPECT"), text(membership.tick(3 * SECOND)));
    assertEquals(List.of(), membership.tick(3 * SECOND));
    assertEquals(List.of("1 SUSPECT ALIVE"), text(membership.sighting(A, 3 * SECOND)));
    assertEquals(3 * SECOND, membership.member(A).orElseThrow().lastSeenNanos());
  }

  @Test
  void forgetsTheLongGone() {
    membership.view(Set.of(A, B), 0);
    membership.view(Set.of(B), SECOND);
    membership.tick(Duration.ofMinutes(59).toNanos());
    assertEquals(2, membership.members().size());
    membership.tick(Duration.ofMinutes(62).toNanos());
    assertEquals(List.of(B), membership.members().stream().map(Member::peer).toList());
  }

  @Test
  void theGoneMakeRoomForTheLiving() {
    Membership small =
        new Membership(SELF, new MembershipConfig(Duration.ofSeconds(2), Duration.ofHours(1), 2));
    small.view(Set.of(A, B), 0);
    PeerId third = new PeerId(0, 3);
    assertTrue(small.view(Set.of(A, B, third), 1).isEmpty());
    assertEquals(2, small.view(Set.of(A, third), 2).size());
    assertEquals(2, small.members().size());
    assertTrue(small.member(third).isPresent());
  }
}
