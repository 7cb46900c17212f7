package io.skein.chaos.history;

import java.util.Optional;

/// An operation of a client: its beginning and, if it was seen, its end.
///
/// @param invoke the number of the event it began with, in the history from 0
/// @param began that event
/// @param completion the number of the event it ended with; [Integer#MAX_VALUE] if none
/// @param ended that event; empty if the run ended before
public record Operation(int invoke, Event began, int completion, Optional<Event> ended) {
  /// How it ended; without an end it may or may not have happened.
  public Event.Kind kind() {
    return ended.map(Event::kind).orElse(Event.Kind.UNSURE);
  }

  /// Whether it succeeded.
  public boolean ok() {
    return kind() == Event.Kind.OK;
  }

  /// What was done.
  public String function() {
    return began.function();
  }

  /// Where.
  public String node() {
    return began.node();
  }

  /// When it ended; [Long#MAX_VALUE] if that was not seen.
  public long endNanos() {
    return ended.map(Event::nanos).orElse(Long.MAX_VALUE);
  }
}
