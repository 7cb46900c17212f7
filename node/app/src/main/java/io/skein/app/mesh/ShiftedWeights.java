package io.skein.app.mesh;

import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The catalogue with a quarter of their weight for endpoints that are shifted away from. Weights
/// are small whole numbers, so the others of the service get four times theirs where that may be.
final class ShiftedWeights {
  private static final int PARTS = 4;
  private static final int MOST = 1_000;

  private ShiftedWeights() {}

  static Map<String, Catalogue.Entry> of(
      Map<String, Catalogue.Entry> catalogue, Set<String> shifted) {
    if (shifted.isEmpty()) {
      return catalogue;
    }
    Map<String, Catalogue.Entry> weighted = new HashMap<>(catalogue);
    weighted.replaceAll((_, entry) ->
        entry.endpoints().stream().anyMatch(put -> shifted.contains(put.endpoint()))
            ? new Catalogue.Entry(entry.service(), weighted(entry.endpoints(), shifted))
            : entry);
    return weighted;
  }

  private static List<PutEndpoint> weighted(List<PutEndpoint> endpoints, Set<String> shifted) {
    boolean room = endpoints.stream().allMatch(put -> put.weight() * PARTS <= MOST);
    return endpoints.stream()
        .map(put -> {
          boolean less = shifted.contains(put.endpoint());
          if (room) {
            return less ? put : put.withWeight(put.weight() * PARTS);
          }
          return less ? put.withWeight(Math.max(1, put.weight() / PARTS)) : put;
        })
        .toList();
  }
}
