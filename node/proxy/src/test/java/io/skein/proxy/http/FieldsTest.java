package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

final class FieldsTest {
  private final Fields fields = new Fields();

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      fields.add("name-" + i, "value-" + i);
    }
  }

  private void assertFilled(int count) {
    assertEquals(count, fields.count());
    for (int i = 0; i < count; i++) {
      assertEquals("name-" + i, fields.name(i));
      assertEquals("value-" + i, fields.value(i));
      assertEquals(Field.of("name-" + i), fields.kind(i));
    }
  }

  @Test
  void holdsAnyNumberAndAgainAfterItWasCleared() {
    for (int count : new int[] {1, 16, 17, 100}) {
      fill(count);
      assertFilled(count);
      fields.clear();
      assertEquals(0, fields.count());
      assertNull(fields.first("name-0"));
      fields.clear();
      fill(count);
      assertFilled(count);
      fields.clear();
      assertEquals(0, fields.count());
    }
  }

  @Test
  void isEmptyAtFirst() {
    fields.clear();
    fields.remove("name-0");
    assertEquals("", fields.joined("name-0"));
    fields.set("name-0", "value-0");
    assertFilled(1);
  }
}
