package io.skein.proxy.route;

import java.util.List;
import java.util.Map;

/// @param fields by name in lower case
record FakeAsked(String method, String host, String target, Map<String, List<String>> fields)
    implements Asked {
  static FakeAsked get(String host, String target) {
    return new FakeAsked("GET", host, target, Map.of());
  }

  @Override
  public boolean anyField(String name, TextMatch match) {
    return fields.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), List.of()).stream()
        .anyMatch(match::matches);
  }
}
