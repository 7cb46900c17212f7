package io.skein.api.view;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The configuration a node runs with.
///
/// @param generation counts the configurations since the start, from 1
/// @param since when it came into force
/// @param file the configuration file; empty without one
/// @param listeners where clients reach the node now, by the listener's name
/// @param values every effective value, in the order of the documentation
/// @param lastReload how the latest reload ended, if there was one
public record ConfigView(
    long generation,
    Instant since,
    String file,
    Map<String, String> listeners,
    List<Value> values,
    Optional<Last> lastReload) {
  /// One value.
  ///
  /// @param key its path, such as `services[0].path`
  /// @param value as text; secrets are `***`
  /// @param from where it was given: file with line and column, a variable, a flag, or `default`
  public record Value(String key, String value, String from) {}

  /// A reload.
  ///
  /// @param at when it ended
  /// @param outcome `applied`, `unchanged` or `refused`
  /// @param detail in words
  public record Last(Instant at, String outcome, String detail) {}
}
