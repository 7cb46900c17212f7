package io.skein.chaos.check;

import java.util.List;

/// One thing found wrong, and what shows it.
///
/// @param violation what sort of wrong
/// @param text what is wrong, for people
/// @param events the events that show it, by their numbers in the history from 0
public record Finding(Violation violation, String text, List<Integer> events) {
  /// Copies the list.
  public Finding {
    events = List.copyOf(events);
  }
}
