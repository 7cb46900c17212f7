package io.skein.app;

import io.skein.app.config.Document;
import io.skein.app.traffic.Traffic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Traffic documents that were read already: those who look at every service again and again read
/// each text once. Any thread. Forgets all when there are [#MOST].
final class TrafficMemo {
  private static final int MOST = 2_000;

  private final Map<String, Traffic> read = new ConcurrentHashMap<>();

  Traffic of(String document) {
    if (document.isEmpty()) {
      return Traffic.DEFAULT;
    }
    if (read.size() >= MOST) {
      read.clear();
    }
    return read.computeIfAbsent(document, text -> Document.trafficCarried(text).value());
  }
}
