package io.skein.app.mesh;

import io.skein.healing.signal.ServiceFacts;
import io.skein.healing.swarm.Figures;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.clock.HybridClock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which services were changed of late, and how their requests fare since. Confined to the mesh
/// thread.
final class ServiceChanges {
  // Whatever goes wrong later has other causes.
  private static final long LOOKED_AT_NANOS = 61_000_000_000L;

  // Whoever changes a service again so soon after a change of it was taken back means it.
  private static final long TAKEN_BACK_MILLIS = 600_000;

  private final MeshCore core;
  private final Aftermath aftermath;
  private final Map<String, Changed> changes = new HashMap<>();

  /// A service as it was last seen.
  ///
  /// @param change what made it so
  /// @param changed whether it was seen to become so
  private record Changed(String change, long sinceNanos, boolean changed) {}

  ServiceChanges(MeshCore core, Aftermath aftermath) {
    this.core = core;
    this.aftermath = aftermath;
  }

  /// What is known of services as wholes. Requests are summed up for those that were changed of
  /// late only.
  SortedMap<String, ServiceFacts> facts(long nowNanos) {
    SortedMap<String, ServiceFacts> services = new TreeMap<>();
    Derived derived = core.derived();
    Map<String, Catalogue.Entry> catalogue = derived.catalogue();
    changes.keySet().retainAll(catalogue.keySet());
    catalogue.forEach((name, entry) -> {
      Optional<String> change = derived.change(name);
      if (change.isEmpty()) {
        return;
      }
      Changed seen = changes.get(name);
      if (seen == null || !seen.change().equals(change.get())) {
        seen = new Changed(change.get(), nowNanos, seen != null);
        changes.put(name, seen);
      }
      boolean late = seen.changed() && nowNanos - seen.sinceNanos() <= LOOKED_AT_NANOS;
      services.put(
          name,
          new ServiceFacts(
              change.get(),
              late && derived.former(name).isPresent() && !takenBackOfLate(name),
              late ? aftermath.figures(entry.ids()) : Figures.NONE));
    });
    return services;
  }

  private boolean takenBackOfLate(String service) {
    return core.derived()
        .verdicts()
        .ofChange(service)
        .map(it -> core.nowMillis() - HybridClock.millis(it.hlc()) < TAKEN_BACK_MILLIS)
        .orElse(false);
  }
}
