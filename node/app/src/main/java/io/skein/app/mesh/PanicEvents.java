package io.skein.app.mesh;

import java.util.Map;
import java.util.TreeMap;

/// Tells when too few endpoints of a service are left and when that is over. Confined to the mesh
/// thread.
final class PanicEvents {
  private final MeshCore core;
  private Map<String, String> told = Map.of();

  PanicEvents(MeshCore core) {
    this.core = core;
  }

  void look() {
    Map<String, String> now = new TreeMap<>(core.routing().tables().panics().reasons());
    now.forEach((service, reason) -> {
      if (!told.containsKey(service)) {
        core.events().add("healing", "warning", service, "panic: " + reason);
      }
    });
    told.keySet()
        .forEach(service -> {
          if (!now.containsKey(service)) {
            core.events().add("healing", "info", service, "panic is over: enough are usable again");
          }
        });
    told = now;
  }
}
