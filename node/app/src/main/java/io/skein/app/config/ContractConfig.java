package io.skein.app.config;

import io.skein.reputation.contract.Judge;

/// One of `contracts`: a rule about a service that this node brings into the mesh.
///
/// @param name its name in the mesh
/// @param document what it requires and what follows, as a contract's record carries it
/// @param require its condition
public record ContractConfig(String name, String document, String require) {
  /// How many a mesh judges.
  public static final int MAX = Judge.MOST_CONTRACTS;

  public ContractConfig {
    Limits.catalogueName(name);
  }
}
