package io.skein.proxy.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceiptRingTest {
  private final ReceiptRings rings = ReceiptRings.on(new SplittableRandom(1)::nextLong);
  private final ReceiptRing ring = rings.open().orElseThrow();

  /// Everything in a slot follows from its number, so that a mixed-up slot shows.
  private boolean write(long n) {
    return ring.write(
        n,
        ~n,
        n * 3,
        n * 5,
        "s" + n % 7,
        "e" + n % 11,
        "p" + n % 13,
        (int) (n % 3),
        (int) (n % 65_536),
        (int) (n % 1_000),
        (int) (n % 300),
        n * 7,
        n * 11);
  }

  private static ReceiptRing.Taker into(List<Long> seen) {
    return (high, low, begun, latency, service, endpoint, peer, method, outcome, status, tries,
        in, out) -> {
      assertEquals(~high, low);
      assertEquals(high * 3, begun);
      assertEquals(high * 5, latency);
      assertEquals("s" + high % 7, service);
      assertEquals("e" + high % 11, endpoint);
      assertEquals("p" + high % 13, peer);
      assertEquals(high % 3, method);
      assertEquals(high % 65_536, outcome);
      assertEquals(high % 1_000, status);
      assertEquals(Math.min(255, high % 300), tries);
      assertEquals(high * 7, in);
      assertEquals(high * 11, out);
      seen.add(high);
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsTakenIsWhatWasWrittenInItsOrderAndTheRestIsCounted(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> written = new ArrayList<>();
    List<Long> seen = new ArrayList<>();
    long lost = 0;
    long n = 0;
    for (int round = 0; round < 12; round++) {
      int burst = random.nextInt(ReceiptRing.SLOTS * 2);
      for (int i = 0; i < burst; i++, n++) {
        if (write(n)) {
          written.add(n);
        } else {
          lost++;
        }
      }
      if (random.nextInt(3) > 0) {
        int before = seen.size();
        assertEquals(rings.drain(into(seen)), seen.size() - before);
      }
    }
    rings.drain(into(seen));
    assertEquals(written, seen);
    assertEquals(lost, rings.lost());
    assertEquals(n, seen.size() + lost);
    assertTrue(lost > 0);
  }

  @Test
  void aFullRingLosesTheNewest() {
    for (long n = 0; n < ReceiptRing.SLOTS; n++) {
      assertTrue(write(n));
    }
    assertTrue(!write(1));
    assertEquals(1, rings.lost());
    List<Long> seen = new ArrayList<>();
    rings.drain(into(seen));
    assertEquals(ReceiptRing.SLOTS, seen.size());
    assertTrue(write(2));
  }

  @Test
  @Timeout(60)
  void aWriterAndAReaderDoNotDisturbEachOther() throws InterruptedException {
    int count = 1_000_000;
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              for (long n = 0; n < count; n++) {
                write(n);
              }
              done.set(true);
            });
    List<Long> seen = new ArrayList<>();
    boolean last;
    do {
      last = done.get();
      rings.drain(into(seen));
    } while (!last);
    writer.join();
    assertEquals(count, seen.size() + rings.lost());
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(seen.get(i - 1) < seen.get(i));
    }
  }

  @Test
  void idsDifferWithinALoopAndBetweenLoops() {
    ReceiptRing other = rings.open().orElseThrow();
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      texts.add(ReceiptRings.text(ring.nextHigh(), ring.nextLow()));
      texts.add(ReceiptRings.text(other.nextHigh(), other.nextLow()));
    }
    assertEquals(20_000, texts.size());
    assertNotEquals(ring.nextHigh(), ring.nextLow());
    assertEquals(
        "aerukz4jvpg677w4xkmhmvbsca",
        ReceiptRings.text(0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L));
    assertTrue(ReceiptRings.off().open().isEmpty());
  }
}
