package io.skein.routing.candidate;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an endpoint says of its own load: the fields of ORCA's `OrcaLoadReport` (xDS,
/// `xds.data.orca.v3`) that say something about the endpoint rather than about one request.
///
/// @param cpu processor use, 1 being all it has; may be above; 0 if not said
/// @param memory memory use, 0 to 1; 0 if not said
/// @param application what the application says how busy it is, 1 being fully; 0 if not said
/// @param requestsPerSecond requests it answers a second; 0 if not said
/// @param errorsPerSecond errors it makes a second; 0 if not said
/// @param named further figures by name, at most [#MAX_NAMED]
public record LoadReport(
    double cpu,
    double memory,
    double application,
    double requestsPerSecond,
    double errorsPerSecond,
    SortedMap<String, Double> named) {
  /// The most figures by name.
  public static final int MAX_NAMED = 16;

  /// The longest name of a figure.
  public static final int MAX_NAME = 64;

  public LoadReport {
    require("cpu", cpu);
    require("memory", memory);
    require("application", application);
    require("requestsPerSecond", requestsPerSecond);
    require("errorsPerSecond", errorsPerSecond);
    for (Map.Entry<String, Double> one : named.entrySet()) {
      require(one.getKey(), one.getValue());
    }
    if (named.size() > MAX_NAMED) {
      throw new IllegalArgumentException(
          "named: " + named.size() + " (expected: <= " + MAX_NAMED + ")");
    }
    named = Collections.unmodifiableSortedMap(new TreeMap<>(named));
  }

  private static void require(String name, double value) {
    if (!(value >= 0 && value <= 1e12)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 0..1e12)");
    }
  }

  /// How busy it is, 1 being fully: what the application says, else its processor use.
  public double utilisation() {
    return application > 0 ? application : cpu;
  }
}
