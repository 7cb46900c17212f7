package io.skein.ledger.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AttentionTest {
  private static final long START = -7;

  private final Attention attention = new Attention();

  @Test
  void goesAsTheClockDoesWhileItIsAskedOften() {
    assertEquals(START, attention.at(START));
    long now = START;
    for (int i = 0; i < 100; i++) {
      now += Attention.MOST_NANOS;
      assertEquals(now, attention.at(now));
    }
  }

  @Test
  void ofATimeWithoutACallLittleCounts() {
    attention.at(START);
    long after = START + 60_000_000_000L;
    assertEquals(START + Attention.MOST_NANOS, attention.at(after));
    assertEquals(START + Attention.MOST_NANOS, attention.at(after), "once");
    assertEquals(START + Attention.MOST_NANOS + 5, attention.at(after + 5));
  }

  @Test
  void neverGoesBack() {
    attention.at(START);
    assertEquals(START + 10, attention.at(START + 10));
    assertEquals(START + 10, attention.at(START + 3));
    assertEquals(START + 11, attention.at(START + 11));
  }
}
