package io.skein.app.mesh;

import io.skein.app.config.Document;
import io.skein.app.contract.Contracts;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/// What the mesh's records declare, services, endpoints, routes and contracts, and how it is
/// changed as one. Any thread; who asks waits for the [Beginning].
public final class Declarations {
  private final MeshThread thread;
  private final Beginning beginning;
  private final Derived derived;
  private final Records records;
  private final Runnable refresh;

  /// @param refresh has requests find what records say that came since; on the mesh thread
  Declarations(
      MeshThread thread, Beginning beginning, Derived derived, Records records, Runnable refresh) {
    this.thread = thread;
    this.beginning = beginning;
    this.derived = derived;
    this.records = records;
    this.refresh = refresh;
  }

  /// The catalogue now.
  public CompletableFuture<Map<String, Catalogue.Entry>> catalogue() {
    return beginning.then(() -> Map.copyOf(derived.catalogue()));
  }

  /// The newest change of each key of the catalogue, now.
  public CompletableFuture<List<Catalogue.Standing>> standing() {
    return beginning.then(derived::standing);
  }

  /// The documents of the mesh's routes by name, now.
  CompletableFuture<Map<String, String>> routeDocuments() {
    return beginning.then(derived::routes);
  }

  /// The contracts that stand, now.
  public CompletableFuture<List<Contracts.Standing>> contracts() {
    return beginning.then(() -> derived.contracts().standing());
  }

  /// What is wrong with a contract's document.
  CompletableFuture<List<Document.Fault>> faults(String contract) {
    return derived.contracts().check(contract);
  }

  /// Changes catalogue and contracts as one: `plan` sees what stands of both and says what is to be
  /// written, and nothing comes between. All of it is written or, if records cannot be written now,
  /// nothing. Completes when the records are durable and requests find what they say, and fails
  /// with [NotDurable] when it is not known after some seconds whether they are.
  public CompletableFuture<List<SignedRecord>> change(
      BiFunction<List<Catalogue.Standing>, List<Contracts.Standing>, List<Body>> plan) {
    CompletableFuture<List<SignedRecord>> written =
        beginning
            .then(() -> write(plan.apply(derived.standing(), derived.contracts().standing())))
            .thenCompose(each -> each);
    return NotDurable.after(NotDurable.PATIENCE, written)
        .thenCompose(done ->
            thread.ask(() -> {
              refresh.run();
              return done;
            }));
  }

  private CompletableFuture<List<SignedRecord>> write(List<Body> bodies) {
    return bodies.isEmpty()
        ? CompletableFuture.completedFuture(List.of())
        : records.appendAll(bodies);
  }
}
