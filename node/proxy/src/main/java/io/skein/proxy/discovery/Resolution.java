package io.skein.proxy.discovery;

import java.time.Instant;
import java.util.List;

/// What is known of one query.
///
/// @param endpoints those of the newest answer, sorted; they outlive answers that failed
/// @param asked when DNS was last asked
/// @param failure why the newest question got no answer; empty text if it got one
/// @param leftOut how many endpoints were left out because there are too many
public record Resolution(List<Found> endpoints, Instant asked, String failure, int leftOut) {
  public Resolution {
    endpoints = List.copyOf(endpoints);
  }
}
