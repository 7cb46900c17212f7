package io.skein.simulator.balancer;

import java.util.HashMap;
import java.util.Map;

/// Requests in flight at endpoints as a balancer last asked for them.
public final class PolledLoads {
  private final Map<String, Integer> inFlight = new HashMap<>();

  /// A policy that reads them.
  public interface Reader {}

  void put(String endpoint, int requests) {
    inFlight.put(endpoint, requests);
  }

  /// What the endpoint last said; 0 if it never did.
  public int inFlight(String endpoint) {
    return inFlight.getOrDefault(endpoint, 0);
  }
}
