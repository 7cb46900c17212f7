package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UndoTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void closesNewestFirst() {
    try (Undo undo = new Undo()) {
      undo.with("store", closed::add);
      undo.then(() -> closed.add("listener"));
      undo.with("transport", closed::add);
    }
    assertEquals(List.of("transport", "listener", "store"), closed);
  }

  @Test
  void goesOnWhenOneDoesNotClose() {
    try (Undo undo = new Undo()) {
      undo.with("store", closed::add);
      undo.with(
          "transport",
          _ -> {
            throw new IllegalStateException("does not close");
          });
    }
    assertEquals(List.of("store"), closed);
  }

  @Test
  void keepsEverythingWhenAllWentWell() {
    try (Undo undo = new Undo()) {
      undo.with("store", closed::add);
      undo.keep();
    }
    assertEquals(List.of(), closed);
  }
}
