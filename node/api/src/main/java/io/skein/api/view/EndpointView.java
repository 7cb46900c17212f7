package io.skein.api.view;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// An endpoint as this node sees it.
///
/// @param id `service/name`
/// @param url where it listens
/// @param node name of the node that alone reaches it; empty text if its whole region does
/// @param region where it stands
/// @param weight relative capacity
/// @param price what a request costs there relative to the service's other endpoints, 0.01 to 100
/// @param state `healthy`, `unhealthy`, `set-aside`, `draining`, `drained` or `unknown`
/// @param reason why it is in that state; empty text if there is nothing to say
/// @param inFlight requests this node has in flight to it
/// @param latencyMs over the last seconds
/// @param share of the service's requests it got lately, 0 to 1; NaN without requests
/// @param reputation score 0 to 1; empty if unknown
/// @param load what it last said of its own load, by name, such as `cpu`; empty if nothing within
///   30 s
/// @param checks this node's newest active checks of it, newest first, at most 16
public record EndpointView(
    String id,
    String url,
    String node,
    String region,
    int weight,
    double price,
    String state,
    String reason,
    int inFlight,
    Percentiles latencyMs,
    double share,
    OptionalDouble reputation,
    SortedMap<String, Double> load,
    List<CheckView> checks) {
  public EndpointView {
    load = Collections.unmodifiableSortedMap(new TreeMap<>(load));
    checks = List.copyOf(checks);
  }
}
