package io.skein.app;

import io.skein.app.DeclaredRecords.Stamp;
import io.skein.app.config.ContractConfig;
import io.skein.app.contract.Contracts;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContractChange.PutContract;
import io.skein.ledger.record.ContractChange.RemoveContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a configuration file wants of the mesh's contracts, held against those that stand. Pure.
final class ConfiguredContracts {
  private ConfiguredContracts() {}

  /// @param wanted what the file says
  /// @param standing the contracts of the mesh
  /// @param declared which records of contracts the file brought before
  static DeclarationPlan plan(
      List<ContractConfig> wanted, List<Contracts.Standing> standing, Map<String, Stamp> declared) {
    Map<String, Contracts.Standing> held = new HashMap<>();
    standing.forEach(each -> held.put(each.name(), each));
    Map<String, Stamp> left = new TreeMap<>();
    Set<String> names = new HashSet<>();
    List<Body> puts = new ArrayList<>();
    for (ContractConfig each : wanted) {
      names.add(each.name());
      Stamp before = declared.get(DeclarationPlan.CONTRACT + each.name());
      if (before != null) {
        left.put(DeclarationPlan.CONTRACT + each.name(), before);
      }
      Contracts.Standing now = held.get(each.name());
      if (now == null || !now.document().equals(each.document())) {
        puts.add(new Body.Contract(new PutContract(each.name(), each.document())));
      }
    }
    List<Body> removals = new ArrayList<>();
    for (Contracts.Standing now : standing) {
      Stamp brought = declared.get(DeclarationPlan.CONTRACT + now.name());
      if (!names.contains(now.name()) && new Stamp(now.author(), now.hlc()).equals(brought)) {
        removals.add(new Body.Contract(new RemoveContract(now.name())));
      }
    }
    return new DeclarationPlan(puts, removals, Map.of(), left);
  }
}
