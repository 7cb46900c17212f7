package io.skein.app.mesh;

import io.skein.api.view.OwnerView;
import io.skein.healing.Owners;
import io.skein.healing.Ownership;
import io.skein.healing.signal.Facts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/// Who decides about what, for the API, from the facts the healer acts on. Nothing is kept: who
/// asks waits for one look of the mesh thread; ranks are worked out beside it.
final class OwnerViews {
  private final MeshCore core;

  OwnerViews(MeshCore core) {
    this.core = core;
  }

  /// What the mesh thread gives away.
  ///
  /// @param names of all nodes in the facts, by id
  private record Look(Facts facts, Set<String> services, Map<String, String> names) {
    List<OwnerView> owners() {
      return Owners.of(facts, services).stream().map(this::view).toList();
    }

    private OwnerView view(Ownership each) {
      return new OwnerView(
          each.subject(),
          each.kind().word(),
          nameOf(each.subject()),
          each.owner().map(this::nameOf),
          each.owner(),
          each.owner().filter(facts.self()::equals).isPresent(),
          each.next().map(this::nameOf),
          each.able());
    }

    private String nameOf(String id) {
      return names.getOrDefault(id, id);
    }
  }

  /// Endpoints, services, then nodes that are gone or still covered. Any thread.
  CompletionStage<List<OwnerView>> owners() {
    return core.beginning()
        .then(this::look)
        .thenApplyAsync(Look::owners, task -> Thread.ofVirtual().start(task));
  }

  private Look look() {
    Facts facts = core.healing().repairs().facts(System.nanoTime());
    Set<String> nodes = new TreeSet<>(facts.live());
    nodes.addAll(facts.gone());
    nodes.addAll(facts.covered());
    Map<String, String> names = new HashMap<>();
    nodes.forEach(node -> names.put(node, core.names().ofText(node)));
    return new Look(facts, Set.copyOf(core.derived().catalogue().keySet()), names);
  }
}
