package io.skein.api.view;

import java.time.Instant;
import java.util.List;

/// A contract of the mesh and what it says now. Windows are numbers of ledger time: Unix
/// milliseconds divided by `windowMillis`.
///
/// @param name unique in the mesh
/// @param document what it asks for and what follows, as its record says it
/// @param faults why this node does not judge it; else empty
/// @param state `holds`, `broken` (for a subject at least), `faulty` or `compiling`
/// @param author who wrote it: a node's name, or its id
/// @param at when its author says it wrote it
/// @param windowMillis length of a window
/// @param ledgerWindow ledger time; −1 while nobody has measured anything
/// @param quarantineWindows how long an endpoint stays in quarantine
/// @param subjects whom it judges, by name
public record ContractView(
    String name,
    Object document,
    List<String> faults,
    String state,
    String author,
    Instant at,
    long windowMillis,
    long ledgerWindow,
    int quarantineWindows,
    List<Subject> subjects) {
  public ContractView {
    faults = List.copyOf(faults);
    subjects = List.copyOf(subjects);
  }

  /// What it says of one endpoint, or of the service.
  ///
  /// @param subject an endpoint's id, or the service's name
  /// @param state `holds`, `broken`, `quarantined`, or `spared`: it would be in quarantine, but too
  ///   few endpoints would remain
  /// @param failed of the windows that it looks at, how many failed
  /// @param held how many held; those in which too little was measured are in neither
  /// @param quarantinedThrough the last window of the quarantine; −1 without one
  /// @param windows what was measured, oldest first; only of windows in which somebody saw it
  public record Subject(
      String subject,
      String state,
      int failed,
      int held,
      long quarantinedThrough,
      List<Window> windows) {
    public Subject {
      windows = List.copyOf(windows);
    }
  }

  /// One window.
  ///
  /// @param window its number
  /// @param at when it began
  /// @param ruling `held`, `failed` or `undecided`
  /// @param requests that its raters counted together
  /// @param raters how many spoke
  /// @param badPpm of a million requests, how many failed or were slow
  /// @param p50Micros median latency
  /// @param p99Micros 99th percentile
  /// @param leastP99Micros the smallest that a rater saw
  /// @param mostP99Micros the largest
  public record Window(
      long window,
      Instant at,
      String ruling,
      long requests,
      int raters,
      long badPpm,
      long p50Micros,
      long p99Micros,
      long leastP99Micros,
      long mostP99Micros) {}

  /// The same without windows.
  public ContractView brief() {
    return new ContractView(
        name,
        document,
        faults,
        state,
        author,
        at,
        windowMillis,
        ledgerWindow,
        quarantineWindows,
        subjects.stream()
            .map(each ->
                new Subject(
                    each.subject(),
                    each.state(),
                    each.failed(),
                    each.held(),
                    each.quarantinedThrough(),
                    List.of()))
            .toList());
  }
}
