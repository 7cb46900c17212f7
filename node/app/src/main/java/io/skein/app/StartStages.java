package io.skein.app;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/// When the parts of a start were over. One thread.
final class StartStages {
  private final Map<String, Long> overMillis = new LinkedHashMap<>();

  /// A part is over now.
  void over(String stage) {
    overMillis.put(stage, System.currentTimeMillis());
  }

  /// By part, seconds since the process began.
  Map<String, Double> seconds() {
    long begun = ManagementFactory.getRuntimeMXBean().getStartTime();
    Map<String, Double> seconds = new LinkedHashMap<>();
    overMillis.forEach((stage, millis) -> seconds.put(stage, (millis - begun) / 1e3));
    return seconds;
  }
}
