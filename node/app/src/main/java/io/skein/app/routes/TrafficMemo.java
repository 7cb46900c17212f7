package io.skein.app.routes;

import io.skein.app.config.Document;
import io.skein.app.traffic.Traffic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Traffic documents that were read already: of all who look at the services again and again (route
/// tables, checks, discovery, views) the first reads a text, and the others get what it says. Any
/// thread. Forgets all when there are [#MOST].
public final class TrafficMemo {
  private static final int MOST = 2_000;

  private final Map<String, Document<Traffic>> read = new ConcurrentHashMap<>();

  TrafficMemo() {}

  /// What a service's document wants.
  public Traffic of(String document) {
    return read(document).value();
  }

  /// The same with what is wrong with it.
  public Document<Traffic> read(String document) {
    if (read.size() >= MOST) {
      read.clear();
    }
    return read.computeIfAbsent(document, Document::trafficCarried);
  }
}
