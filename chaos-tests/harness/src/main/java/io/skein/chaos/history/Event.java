package io.skein.chaos.history;

/// One line of a history.
///
/// An operation is an `INVOKE` followed by at most one `OK`, `FAIL` or `UNSURE` of the same
/// process: `FAIL` did not happen for certain, `UNSURE` may or may not have happened. What a
/// nemesis does is `INFO`, of process -1.
///
/// @param nanos when, since the run began; virtual in a simulation
/// @param process the client that did it, from 0; -1 the nemesis
/// @param node where it did it; empty if nowhere in particular
/// @param kind what sort of event
/// @param function what was done: `append`, `read`, `get`, `put`, or the nemesis's name
/// @param value its argument before, its result after; JSON text, `null` for none
public record Event(
    long nanos, int process, String node, Kind kind, String function, String value) {
  /// The sorts of events.
  public enum Kind {
    /// A client begins.
    INVOKE,
    /// It succeeded.
    OK,
    /// It certainly did not happen.
    FAIL,
    /// It may or may not have happened: time-out, connection lost.
    UNSURE,
    /// A fault begins or ends, or something worth knowing.
    INFO
  }
}
