package io.skein.chaos.stock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.infinispan.Cache;

/// How a set that only grows can be kept in a cache. No append races with another: whatever is
/// lost, the cache loses.
enum SetLayout {
  /// The whole set under one key, which all authors replace if it is still what they read.
  ONE_KEY {
    @Override
    void append(Cache<String, String> cache, String author, String element) {
      boolean done = false;
      while (!done) {
        String held = cache.get("set");
        done =
            held == null
                ? cache.putIfAbsent("set", element) == null
                : cache.replace("set", held, joined(held).apply(element));
      }
    }
  },

  /// A key for each author, which nobody else writes: both sides of a split write, but never to the
  /// same key.
  KEY_PER_AUTHOR {
    @Override
    void append(Cache<String, String> cache, String author, String element) {
      String held = cache.get(author);
      cache.put(author, held == null ? element : joined(held).apply(element));
    }
  },

  /// A key for each element, written once.
  KEY_PER_ELEMENT {
    @Override
    void append(Cache<String, String> cache, String author, String element) {
      cache.put(element, element);
    }
  };

  private static final String BETWEEN = ",";

  /// Returns once the cache has acknowledged it.
  abstract void append(Cache<String, String> cache, String author, String element);

  /// The elements of the set, as a copy of it shows them.
  List<String> elements(Map<String, String> held) {
    List<String> elements = new ArrayList<>();
    held.values().forEach(value -> elements.addAll(List.of(value.split(BETWEEN, -1))));
    return elements;
  }

  private static UnaryOperator<String> joined(String held) {
    return element -> held + BETWEEN + element;
  }
}
