package io.skein.healing.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SelfDoubtTest {
  private static final long MILLI = 1_000_000L;

  private final SelfDoubt doubt = new SelfDoubt();

  @Test
  void aNodeThatIsWellDoubtsNothing() {
    for (int second = 0; second < 100; second++) {
      doubt.late(99 * MILLI);
      doubt.second(1, 2);
      assertEquals(1, doubt.patience());
    }
  }

  @Test
  void latenessRaisesItByHowLateItWas() {
    doubt.late(100 * MILLI);
    assertEquals(2, doubt.patience());
    doubt.late(500 * MILLI);
    assertEquals(4, doubt.patience());
    doubt.late(2_000 * MILLI);
    assertEquals(8, doubt.patience());
    doubt.late(2_000 * MILLI);
    assertEquals(SelfDoubt.MOST + 1, doubt.patience());
    doubt.second(0, 3);
    assertEquals(2_000 * MILLI, doubt.lateNanos());
    doubt.second(0, 3);
    assertEquals(0, doubt.lateNanos());
  }

  @Test
  void silenceOfMostPeersIsASign() {
    doubt.second(2, 3);
    assertEquals(2, doubt.patience());
    doubt.second(1, 1);
    assertEquals(1, doubt.patience(), "one peer alone says nothing");
    doubt.second(1, 2);
    assertEquals(1, doubt.patience(), "half is not most");
  }

  @Test
  void eachGoodSecondTakesOneBack() {
    doubt.late(2_000 * MILLI);
    doubt.second(0, 3);
    assertEquals(5, doubt.patience(), "the second with the sign was not good");
    for (int left = 4; left >= 1; left--) {
      doubt.second(0, 3);
      assertEquals(left, doubt.patience());
    }
  }
}
