package io.skein.gossip.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StateExchangeTest {
  private static final PeerId A = new PeerId(0, 1);
  private static final PeerId B = new PeerId(0, 2);
  private static final PeerId C = new PeerId(0, 3);
  private static final long MILLIS = 1_000_000;

  private record Mail(PeerId from, PeerId to, byte[] bytes) {}

  private final ArrayDeque<Mail> mail = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private long now;

  private StateExchange node(PeerId self, long incarnation) {
    return node(self, incarnation, StateConfig.defaults());
  }

  private StateExchange node(PeerId self, long incarnation, StateConfig config) {
    StateListener listener =
        new StateListener() {
          @Override
          public void changed(PeerId owner, String key, StateEntry entry) {
            told.add(
                self.low()
                    + ":"
                    + owner.low()
                    + "."
                    + key
                    + "="
                    + new String(entry.value(), StandardCharsets.US_ASCII));
          }

          @Override
          public void forgotten(PeerId owner) {
            told.add(self.low() + ":forgot " + owner.low());
          }

          @Override
          public void roundTrip(PeerId peer, long rttNanos, long nowNanos) {
            told.add(self.low() + ":rtt " + peer.low() + " " + rttNanos / MILLIS);
          }
        };
    StateExchange exchange =
        new StateExchange(
            self,
            incarnation,
            (to, bytes) -> {
              assertTrue(bytes.length <= config.messageBytes(), "message of " + bytes.length);
              mail.add(new Mail(self, to, bytes));
            },
            listener,
            new SplittableRandom(self.low()),
            config);
    exchange.peers(Set.of(A, B, C));
    return exchange;
  }

  private int exchange(StateExchange from, PeerId fromId, StateExchange to, PeerId toId) {
    from.peers(Set.of(toId));
    from.tick(now);
    int messages = 0;
    while (!mail.isEmpty()) {
      messages++;
      Mail next = mail.remove();
      now += 5 * MILLIS;
      (next.to().equals(fromId) ? from : to).receive(next.from(), next.bytes(), now);
      assertTrue(next.to().equals(fromId) || next.to().equals(toId));
    }
    return messages;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void oneExchangeMakesBothEqualAndMeasuresTheRoundTrip() {
    StateExchange a = node(A, 10);
    StateExchange b = node(B, 10);
    a.put("load", text("1"), now);
    a.put("load", text("2"), now);
    b.put("heads", text("x"), now);
    assertEquals(3, exchange(a, A, b, B));
    assertEquals(List.of("1:rtt 2 10", "1:2.heads=x", "2:1.load=2"), told);
    StateEntry entry = b.entry(A, "load").orElseThrow();
    assertEquals(new StateVersion(10, 2), entry.version());
    assertEquals(7 * MILLIS, entry.ageNanos(entry.receivedNanos() + 7 * MILLIS));
    assertEquals(2, exchange(a, A, b, B), "nothing new: a digest and an empty answer");
    assertEquals(Set.of(A, B), b.owners());
  }

  @Test
  void anUrgentValueIsThereAfterOneMessageAndLeavesNoHole() {
    StateExchange a = node(A, 10);
    StateExchange b = node(B, 10);
    a.peers(Set.of(B));
    a.put("load", text("1"), now);
    a.putUrgent("drain", text("yes"), now);
    Mail push = mail.remove();
    assertTrue(mail.isEmpty());
    b.receive(A, push.bytes(), now);
    assertArrayEquals(text("yes"), b.entry(A, "drain").orElseThrow().value());
    assertTrue(b.entry(A, "load").isEmpty());
    exchange(b, B, a, A);
    assertArrayEquals(text("1"), b.entry(A, "load").orElseThrow().value());
    assertEquals(1, told.stream().filter(t -> t.startsWith("2:1.drain")).count());
  }

  @Test
  void aLaterLifeReplacesTheEarlierOne() {
    StateExchange a = node(A, 10);
    StateExchange b = node(B, 10);
    a.put("load", text("old"), now);
    a.put("only-old", text("old"), now);
    exchange(a, A, b, B);
    StateExchange again = node(A, 11);
    again.put("load", text("new"), now);
    exchange(again, A, b, B);
    assertArrayEquals(text("new"), b.entry(A, "load").orElseThrow().value());
    assertTrue(b.entry(A, "only-old").isEmpty());
    assertTrue(told.contains("2:forgot 1"));
    exchange(a, A, b, B);
    assertArrayEquals(text("new"), b.entry(A, "load").orElseThrow().value());
  }

  @Test
  void aLifeWhoseClockWentBackStepsOverTheEarlierOne() {
    StateExchange b = node(B, 10);
    StateExchange a = node(A, 10);
    a.put("load", text("old"), now);
    exchange(a, A, b, B);
    StateExchange again = node(A, 3);
    again.put("load", text("new"), now);
    exchange(again, A, b, B);
    exchange(again, A, b, B);
    assertArrayEquals(text("new"), b.entry(A, "load").orElseThrow().value());
    assertEquals(11, b.entry(A, "load").orElseThrow().version().incarnation());
    again.put("load", text("newer"), now);
    exchange(again, A, b, B);
    assertArrayEquals(text("newer"), b.entry(A, "load").orElseThrow().value());
  }

  @Test
  void whatDoesNotFitFollowsInFurtherMessages() {
    StateExchange a = node(A, 10);
    StateExchange b = node(B, 10);
    for (int i = 0; i < StateConfig.MAX_KEYS; i++) {
      a.put("k" + i, new byte[StateConfig.MAX_VALUE_BYTES], now);
    }
    assertTrue(exchange(a, A, b, B) > 20);
    for (int i = 0; i < StateConfig.MAX_KEYS; i++) {
      assertEquals(StateConfig.MAX_VALUE_BYTES, b.entry(A, "k" + i).orElseThrow().value().length);
    }
  }

  @Test
  void refusesValuesOfItsOwnThatBreakALimit() {
    StateExchange a = node(A, 10);
    assertThrows(IllegalArgumentException.class, () -> a.put("", new byte[0], 0));
    assertThrows(IllegalArgumentException.class, () -> a.put("A", new byte[0], 0));
    assertThrows(IllegalArgumentException.class, () -> a.put("x".repeat(65), new byte[0], 0));
    assertThrows(IllegalArgumentException.class, () -> a.put("a", new byte[16_385], 0));
    for (int i = 0; i < StateConfig.MAX_KEYS; i++) {
      a.put("k" + i, new byte[0], 0);
    }
    assertThrows(IllegalArgumentException.class, () -> a.put("one-more", new byte[0], 0));
    a.put("k0", new byte[1], 0);
  }

  @Test
  void countsAndDropsMalformedMessages() {
    StateExchange a = node(A, 10);
    a.put("load", text("1"), now);
    StateExchange b = node(B, 10);
    b.put("load", text("2"), now);
    a.peers(Set.of(B));
    a.tick(now);
    b.receive(A, mail.remove().bytes(), now);
    byte[] good = mail.remove().bytes();
    long malformed = 0;
    for (int length = 0; length < good.length; length++) {
      a.receive(B, Arrays.copyOf(good, length), now);
      malformed++;
    }
    a.receive(B, Arrays.copyOf(good, good.length + 1), now);
    a.receive(B, new byte[65_537], now);
    assertEquals(malformed + 2, a.counters().malformed());
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 100_000; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      a.receive(B, bad, now);
      mail.clear();
    }
    assertTrue(a.owners().size() <= StateConfig.defaults().maxOwners());
    assertArrayEquals(text("1"), a.entry(A, "load").orElseThrow().value());
  }

  @Test
  void forgetsTheLongGoneAndDoesNotTakeThemBackFromOthers() {
    StateConfig config = new StateConfig(1, 65_536, 8, Duration.ofSeconds(10));
    StateExchange a = node(A, 10, config);
    StateExchange b = node(B, 10, config);
    StateExchange c = node(C, 10, config);
    c.put("load", text("1"), now);
    exchange(c, C, a, A);
    exchange(c, C, b, B);
    now += Duration.ofSeconds(11).toNanos();
    a.peers(Set.of(B));
    a.tick(now);
    mail.clear();
    assertEquals(Set.of(A), a.owners());
    b.peers(Set.of(A, C));
    exchange(a, A, b, B);
    assertFalse(a.owners().contains(C));
    assertTrue(b.owners().contains(C));
    c.put("load", text("2"), now);
    exchange(c, C, a, A);
    assertTrue(a.owners().contains(C));
  }

  @Test
  void holdsNoMoreOwnersThanItMay() {
    StateExchange a = node(A, 10, new StateConfig(1, 65_536, 5, Duration.ofSeconds(10)));
    for (int i = 0; i < 20; i++) {
      PeerId other = new PeerId(1, i);
      StateExchange b = node(other, 10);
      b.put("load", text("1"), now);
      exchange(b, other, a, A);
    }
    assertEquals(5, a.owners().size());
  }
}
