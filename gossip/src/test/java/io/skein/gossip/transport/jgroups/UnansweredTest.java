package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Test;

final class UnansweredTest {
  private static final Address A = new IpAddress(InetAddress.getLoopbackAddress(), 1);
  private static final Address B = new IpAddress(InetAddress.getLoopbackAddress(), 2);
  private static final Duration PATIENCE = Duration.ofNanos(10);

  private final Unanswered unanswered = new Unanswered();

  @Test
  void whoIsNotSentToOwesNoAnswer() {
    unanswered.heard(A);
    assertEquals(List.of(), unanswered.takeSilent(PATIENCE, 1_000));
  }

  @Test
  void theFirstOfSeveralWordsCounts() {
    unanswered.sent(A, 5);
    unanswered.sent(A, 14);
    assertEquals(List.of(), unanswered.takeSilent(PATIENCE, 14));
    assertEquals(List.of(A), unanswered.takeSilent(PATIENCE, 15));
  }

  @Test
  void anyAnswerWillDo() {
    unanswered.sent(A, 5);
    unanswered.heard(A);
    unanswered.sent(A, 14);
    assertEquals(List.of(), unanswered.takeSilent(PATIENCE, 15));
    assertEquals(List.of(A), unanswered.takeSilent(PATIENCE, 24));
  }

  @Test
  void whoWasTakenBeginsAnew() {
    unanswered.sent(A, 5);
    unanswered.sent(B, 5);
    assertEquals(Set.of(A, B), Set.copyOf(unanswered.takeSilent(PATIENCE, 15)));
    unanswered.sent(A, 16);
    assertEquals(List.of(), unanswered.takeSilent(PATIENCE, 25));
    assertEquals(List.of(A), unanswered.takeSilent(PATIENCE, 26));
  }
}
