package io.skein.healing.signal;

import io.skein.routing.ejection.Observation;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a node knows of one endpoint.
///
/// @param service the service it belongs to
/// @param reachedBy ids of the nodes that reach it, live or not
/// @param seen what its requests showed; [Observation#NOTHING] where this node sends none
/// @param probes what its probes showed; [ProbeResults#NONE] where this node does not probe
/// @param slowAfterNanos latency that the service allows, 0 for no statement
/// @param probeTimeoutNanos after which a probe has failed if nothing has come
public record EndpointFacts(
    String service,
    SortedSet<String> reachedBy,
    Observation seen,
    ProbeResults probes,
    long slowAfterNanos,
    long probeTimeoutNanos) {
  public EndpointFacts {
    reachedBy = Collections.unmodifiableSortedSet(new TreeSet<>(reachedBy));
  }

  public EndpointFacts(
      String service,
      Set<String> reachedBy,
      Observation seen,
      ProbeResults probes,
      long slowAfterNanos,
      long probeTimeoutNanos) {
    this(service, new TreeSet<>(reachedBy), seen, probes, slowAfterNanos, probeTimeoutNanos);
  }
}
