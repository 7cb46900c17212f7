package io.skein.app.mesh;

import io.skein.api.view.DirectoryView;
import io.skein.gossip.directory.DirectoryCounters;
import io.skein.ledger.catalogue.Catalogue;

/// The copy of the directory, for the API. Any thread.
final class DirectoryViews {
  private DirectoryViews() {}

  static DirectoryView of(CatalogueDirectory copy) {
    DirectoryCounters counters = copy.counters();
    return new DirectoryView(
        counters.running() ? "running" : "starting",
        copy.provisional(),
        counters.entries(),
        counters.written(),
        counters.dropped(),
        counters.audits(),
        counters.repairs(),
        copy.read().values().stream().map(DirectoryViews::service).toList());
  }

  private static DirectoryView.Service service(Catalogue.Entry entry) {
    return new DirectoryView.Service(
        entry.service().service(),
        entry.service().protocol(),
        entry.service().policy(),
        entry.service().hosts(),
        entry.service().pathPrefix(),
        entry.endpoints().stream()
            .map(endpoint ->
                new DirectoryView.Endpoint(
                    endpoint.endpoint(),
                    endpoint.url(),
                    endpoint.region(),
                    endpoint.weight(),
                    endpoint.priceMilli() / 1_000.0))
            .toList());
  }
}
