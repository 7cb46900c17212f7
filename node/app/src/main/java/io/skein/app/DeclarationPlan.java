package io.skein.app;

import io.skein.app.DeclaredRecords.Stamp;
import io.skein.app.config.NodeConfig;
import io.skein.app.contract.Contracts;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContractChange;
import io.skein.ledger.record.ContractChange.PutContract;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutRoute;
import io.skein.ledger.record.ServiceChange.PutService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is to be written so that the mesh is as a configuration file says.
///
/// @param puts what does not stand as the file says, in the order in which it is written
/// @param removals what the file brought and does not say any more, likewise; after the puts
/// @param kept keys of what would go but for endpoints of others, each with the reason
/// @param declared what the file brought so far and what is left of it, without the puts
record DeclarationPlan(
    List<Body> puts, List<Body> removals, Map<String, String> kept, Map<String, Stamp> declared) {
  /// How keys of contracts begin; all others are the catalogue's.
  static final String CONTRACT = "contract/";

  DeclarationPlan {
    puts = List.copyOf(puts);
    removals = List.copyOf(removals);
  }

  /// @param self this node, for endpoints that it alone reaches
  /// @param standing the newest change of each key of the catalogue
  /// @param contracts the mesh's contracts
  /// @param declared which records the file brought before
  static DeclarationPlan of(
      NodeConfig config,
      NodeId self,
      List<Catalogue.Standing> standing,
      List<Contracts.Standing> contracts,
      Map<String, Stamp> declared) {
    Map<String, Stamp> catalogue = new TreeMap<>();
    Map<String, Stamp> rules = new TreeMap<>();
    declared.forEach(
        (key, stamp) -> (key.startsWith(CONTRACT) ? rules : catalogue).put(key, stamp));
    DeclarationPlan services = ConfiguredServices.plan(config, self, standing, catalogue);
    DeclarationPlan judged = ConfiguredContracts.plan(config.contracts(), contracts, rules);
    List<Body> puts = new ArrayList<>(services.puts());
    puts.addAll(judged.puts());
    List<Body> removals = new ArrayList<>(judged.removals());
    removals.addAll(services.removals());
    Map<String, Stamp> left = new TreeMap<>(services.declared());
    left.putAll(judged.declared());
    return new DeclarationPlan(puts, removals, services.kept(), left);
  }

  /// All that is to be written, in order.
  List<Body> changes() {
    List<Body> all = new ArrayList<>(puts);
    all.addAll(removals);
    return all;
  }

  /// What a change does: `put` or `removed`.
  static String verb(Body change) {
    return switch (change) {
      case Body.Service(PutService _),
          Body.Service(PutEndpoint _),
          Body.Service(PutRoute _),
          Body.Contract(PutContract _) ->
          "put";
      default -> "removed";
    };
  }

  /// The key under which a change stands, such as `endpoint/orders/eu-1`.
  static String key(Body change) {
    return switch (change) {
      case Body.Service(ServiceChange service) -> Catalogue.keys(service).getFirst();
      case Body.Contract(ContractChange contract) -> CONTRACT + contract.name();
      default -> throw new IllegalArgumentException(change + " (expected: service or contract)");
    };
  }
}
