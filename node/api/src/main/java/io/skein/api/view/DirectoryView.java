package io.skein.api.view;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// This node's copy of the replicated directory: what the mesh serves, readable before the ledger
/// has come. Never authoritative; `/v1/services` follows from the ledger.
///
/// @param state `off`, `starting` or `running`
/// @param provisional whether this node could not compare the copy with its own ledger yet
/// @param entries entries of the copy, removals included
/// @param written changes this node has written to all copies
/// @param dropped changes that were not written; the audit brings them
/// @param audits comparisons with the ledger
/// @param repairs entries of this copy that audits changed, by kind: `missing`, `stale`, `damaged`,
///   `unexplained`
/// @param services what the copy says the mesh serves, by name
public record DirectoryView(
    String state,
    boolean provisional,
    int entries,
    long written,
    long dropped,
    long audits,
    Map<String, Long> repairs,
    List<Service> services) {
  /// Of a node that keeps no copy.
  public static final DirectoryView OFF =
      new DirectoryView("off", true, 0, 0, 0, 0, Map.of(), List.of());

  public DirectoryView {
    repairs = Collections.unmodifiableMap(new TreeMap<>(repairs));
    services = List.copyOf(services);
  }

  /// A service as the directory knows it.
  ///
  /// @param name unique in the mesh
  /// @param protocol `http`
  /// @param policy name of its routing policy
  /// @param hosts Host values it answers to; empty: its name
  /// @param path prefix it answers to
  /// @param endpoints by id
  public record Service(
      String name,
      String protocol,
      String policy,
      List<String> hosts,
      String path,
      List<Endpoint> endpoints) {
    public Service {
      hosts = List.copyOf(hosts);
      endpoints = List.copyOf(endpoints);
    }
  }

  /// An endpoint as the directory knows it.
  ///
  /// @param id `service/name`
  /// @param url where it listens
  /// @param region where it stands
  /// @param weight relative capacity
  /// @param price what a request costs there, relative to the others
  public record Endpoint(String id, String url, String region, int weight, double price) {}
}
