package io.skein.chaos.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class TalkerTest {
  @Test
  void aLineIsToldShortAndADifferenceAnywhereShows() {
    String line = "n1-3 17 " + "abcdefgh".repeat(100);
    assertEquals("n1-3 17 abcdefghabcdefgh 808", Talker.brief(line).substring(0, 28));
    assertNotEquals(
        Talker.brief(line), Talker.brief(line.substring(0, 700) + "x" + line.substring(701)));
    assertEquals("a 1 e8b7be43", Talker.brief("a"));
  }
}
