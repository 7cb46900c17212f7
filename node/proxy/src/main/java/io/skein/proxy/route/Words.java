package io.skein.proxy.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A map from texts that is asked with a part of a text, without making that part an object.
/// Immutable; open addressing, at most half full.
///
/// @param <T> its values
final class Words<T> {
  private final @Nullable String[] keys;
  private final List<@Nullable T> values;
  private final boolean anyCase;

  /// @param anyCase whether ASCII letters are asked for in any case; the keys are in lower case
  Words(Map<String, T> from, boolean anyCase) {
    int size = Integer.highestOneBit(Math.max(1, from.size()) * 4);
    this.anyCase = anyCase;
    keys = new String[size];
    @Nullable Object[] slots = new Object[size];
    from.forEach((key, value) -> {
      int at = slot(key, 0, key.length());
      while (keys[at] != null) {
        at = (at + 1) & (size - 1);
      }
      keys[at] = key;
      slots[at] = value;
    });
    List<@Nullable T> all = new ArrayList<>(size);
    for (Object slot : slots) {
      @SuppressWarnings("unchecked") // put there as a T above
      T value = (T) slot;
      all.add(value);
    }
    values = all;
  }

  /// The value for `text` from `from` to before `to`, if there is one.
  @Nullable T get(String text, int from, int to) {
    int at = slot(text, from, to);
    String key = keys[at];
    while (key != null) {
      if (key.length() == to - from && key.regionMatches(anyCase, 0, text, from, to - from)) {
        return values.get(at);
      }
      at = (at + 1) & (keys.length - 1);
      key = keys[at];
    }
    return null;
  }

  private int slot(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      hash = 31 * hash + (anyCase && c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return (hash ^ hash >>> 15) & (keys.length - 1);
  }
}
