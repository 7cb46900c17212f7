package io.skein.app.config;

import io.skein.cli.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Every effective value and where it came from, in the order of the documentation.
public final class Provenance {
  /// One value.
  ///
  /// @param value as text; secrets are shown as `***`
  /// @param place where it was given
  public record Entry(String value, Place place) {}

  /// Of a configuration that was put together otherwise.
  public static final Provenance NONE = new Provenance(Map.of());

  private final Map<String, Entry> entries;

  Provenance(Map<String, Entry> entries) {
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /// All values by key path, such as `services[0].endpoints[1].url`.
  public Map<String, Entry> entries() {
    return entries;
  }

  /// Where the value of `key` came from, if it has a value.
  public Optional<Place> place(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::place);
  }

  /// The text of `skein config --explain`: aligned columns key, value, place.
  public String render() {
    int keyWidth = 3;
    int valueWidth = 5;
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      keyWidth = Math.max(keyWidth, each.getKey().length());
      valueWidth = Math.max(valueWidth, each.getValue().value().length());
    }
    StringBuilder out = new StringBuilder();
    row(out, "KEY", keyWidth, "VALUE", valueWidth, "FROM");
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      String value = entry.value().isEmpty() ? "-" : entry.value();
      row(out, each.getKey(), keyWidth, value, valueWidth, entry.place().label());
    }
    return out.toString();
  }

  /// All values as data: a list of key, value and place.
  public Json toJson() {
    return new Json.Items(
        entries.entrySet().stream()
            .map(each -> {
              Map<String, Json> row = new LinkedHashMap<>();
              row.put("key", Json.of(each.getKey()));
              row.put("value", Json.of(each.getValue().value()));
              row.put("from", Json.of(each.getValue().place().label()));
              return Json.of(row);
            })
            .toList());
  }

  private static void row(
      StringBuilder out, String key, int keyWidth, String value, int valueWidth, String from) {
    out.append(key).append(" ".repeat(keyWidth - key.length() + 2));
    out.append(value).append(" ".repeat(valueWidth - value.length() + 2));
    out.append(from).append('\n');
  }
}
