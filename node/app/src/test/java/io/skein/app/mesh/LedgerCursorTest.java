package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cursors as text, and everything that is none.
final class LedgerCursorTest {
  private static final byte[] MESH = new byte[32];
  private static final byte[] OTHER_MESH = {1, 2, 3, 4, 5};

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 64, 800})
  void everyCursorIsReadBack(int feeds) {
    LedgerCursor cursor = cursor(feeds, 10_000_000);

    String text = cursor.text(MESH).orElseThrow();

    assertTrue(text.length() <= LedgerCursor.MAX_TEXT);
    assertEquals(Optional.of(cursor), LedgerCursor.parse(text, MESH));
    assertEquals(Optional.empty(), LedgerCursor.parse(text, OTHER_MESH));
  }

  @Test
  void anySeqIsKept() {
    SortedMap<Long, Long> places = LedgerCursor.unsigned();
    for (long seq : new long[] {0, 1, 127, 128, 1L << 40, Long.MAX_VALUE}) {
      places.put(seq * 31, seq);
    }
    LedgerCursor cursor = new LedgerCursor(true, places);

    assertEquals(Optional.of(cursor), LedgerCursor.parse(cursor.text(MESH).orElseThrow(), MESH));
  }

  @Test
  void moreFeedsThanATextHoldsHaveNone() {
    assertEquals(Optional.empty(), cursor(2_000, 10_000_000).text(MESH));
  }

  @Test
  void noChangedCharacterAndNoPartOfATextIsACursor() {
    String text = cursor(3, 1_000).text(MESH).orElseThrow();
    for (int i = 0; i < text.length(); i++) {
      assertEquals(Optional.empty(), LedgerCursor.parse(text.substring(0, i), MESH));
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      String changed = text.substring(0, i) + other + text.substring(i + 1);
      assertEquals(Optional.empty(), LedgerCursor.parse(changed, MESH), changed);
    }
    assertEquals(Optional.empty(), LedgerCursor.parse(text + "A", MESH));
    assertEquals(Optional.empty(), LedgerCursor.parse(text + "=", MESH));
  }

  @Test
  void bytesAtRandomAreNoCursor() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      String text = "c." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      assertEquals(Optional.empty(), LedgerCursor.parse(text, MESH));
    }
  }

  private static LedgerCursor cursor(int feeds, int most) {
    Random random = new Random(feeds);
    SortedMap<Long, Long> places = LedgerCursor.unsigned();
    for (int i = 0; i < feeds; i++) {
      places.put(random.nextLong(), 1L + random.nextInt(most));
    }
    return new LedgerCursor(false, places);
  }
}
