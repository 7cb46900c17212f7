package io.skein.api.view;

import java.util.List;
import java.util.Map;

/// What a reload did, or would do.
///
/// @param outcome `applied`, `unchanged`, or `would-apply` for one that only looked
/// @param generation of the configuration in force afterwards
/// @param file the configuration file; empty without one
/// @param changes differences to the configuration before
/// @param records changes of the catalogue
/// @param kept what the file does not say any more and stays nevertheless, by key, with the reason
/// @param listeners where clients reach the node now, by the listener's name
public record ReloadView(
    String outcome,
    long generation,
    String file,
    List<Change> changes,
    List<Written> records,
    Map<String, String> kept,
    Map<String, String> listeners) {
  /// One difference.
  ///
  /// @param key its path, with names in the place of positions: `services[orders].path`
  /// @param change `added`, `removed` or `changed`
  /// @param from value before; empty if it is new or a whole element
  /// @param to value now; empty if it is gone or a whole element
  /// @param effect `now`, or `at-start` for what only a start reads
  /// @param text all of it in words
  public record Change(
      String key, String change, String from, String to, String effect, String text) {}

  /// One change of the catalogue.
  ///
  /// @param change `put` or `removed`
  /// @param key such as `endpoint/orders/eu-1`
  /// @param record hash of the record; empty if it only would be written
  public record Written(String change, String key, String record) {}
}
