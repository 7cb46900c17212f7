package io.skein.app.mesh;

import io.skein.api.Acknowledgement;
import io.skein.api.MeshControl;
import io.skein.api.view.Ladder;
import io.skein.app.config.Document;
import io.skein.ledger.admission.JoinToken;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContractChange;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.contract.Judge;
import io.skein.routing.Policies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/// Changes of the mesh on an operator's behalf: checks what depends on the mesh's state, and writes
/// the record. Any thread.
public final class NodeControl implements MeshControl {
  private final MeshCore core;
  private final HybridClock clock;
  private final RandomGenerator secureRandom;
  private final Endings endings;

  /// @param secureRandom draws invite keys
  /// @param keys where the key of a successor is kept
  public NodeControl(
      MeshCore core, HybridClock clock, RandomGenerator secureRandom, SuccessorKeys keys) {
    this.endings = new Endings(core, keys);
    this.core = core;
    this.clock = clock;
    this.secureRandom = secureRandom;
  }

  @Override
  public CompletionStage<Result> putService(ServiceRequest request) {
    if (Policies.byName(request.policy()).isEmpty()) {
      return refused(
          422,
          "unknown-policy",
          "no policy '" + request.policy() + "' (expected: one of " + Policies.names() + ")",
          "/policy");
    }
    return write(
        new Body.Service(
            new ServiceChange.PutService(
                request.service(),
                request.protocol(),
                request.policy(),
                request.hosts(),
                request.pathPrefix(),
                request.healthPath(),
                request.healthIntervalMillis(),
                request.healthTimeoutMillis(),
                request.slowAfterMillis(),
                Document.trafficWanted(request.traffic()).text())));
  }

  @Override
  public List<Fault> trafficFaults(String traffic) {
    return Document.trafficWanted(traffic).faults().stream()
        .map(fault -> new Fault(fault.pointer(), fault.message()))
        .toList();
  }

  @Override
  public CompletionStage<Result> deleteService(String service) {
    return core.beginning()
        .then(() -> core.derived().catalogue().containsKey(service))
        .thenCompose(known ->
            known
                ? write(new Body.Service(new ServiceChange.RemoveService(service)))
                : refused(404, "unknown-service", "no service '" + service + "'", ""));
  }

  @Override
  public List<Fault> routeFaults(String name, String document) {
    return Document.route(name, document).faults().stream()
        .map(fault -> new Fault(fault.pointer(), fault.message()))
        .toList();
  }

  @Override
  public CompletionStage<Result> putRoute(String name, String document) {
    String text = Document.route(name, document).text();
    return write(new Body.Service(new ServiceChange.PutRoute(name, text)));
  }

  @Override
  public CompletionStage<Result> deleteRoute(String name) {
    return core.declarations()
        .routeDocuments()
        .thenCompose(routes ->
            routes.containsKey(name)
                ? write(new Body.Service(new ServiceChange.RemoveRoute(name)))
                : refused(404, "unknown-route", "no route '" + name + "'", ""));
  }

  @Override
  public CompletionStage<Result> stopExperiment(String name) {
    return core.beginning()
        .then(() -> core.laboratory().stop(name, System.nanoTime()))
        .thenCompose(each -> each)
        .handle((records, failure) ->
            failure != null
                ? Unwritten.refusal(failure)
                : records.isEmpty()
                    ? new Result.Refused(
                        404, "unknown-experiment", "no experiment '" + name + "' runs", "")
                    : accepted(records.getFirst()));
  }

  @Override
  public CompletionStage<List<Fault>> contractFaults(String document) {
    return core.declarations()
        .faults(document)
        .thenApply(faults ->
            faults.stream().map(fault -> new Fault(fault.pointer(), fault.message())).toList());
  }

  @Override
  public CompletionStage<Result> putContract(String name, String document) {
    return core.declarations()
        .contracts()
        .thenCompose(contracts ->
            contracts.size() >= Judge.MOST_CONTRACTS
                    && contracts.stream().noneMatch(each -> each.name().equals(name))
                ? refused(
                    409,
                    "too-many-contracts",
                    "the mesh has " + contracts.size() + " contracts, as many as are judged",
                    "")
                : write(
                    new Body.Contract(
                        new ContractChange.PutContract(name, Document.contract(document).text()))));
  }

  @Override
  public CompletionStage<Result> deleteContract(String name) {
    return core.declarations()
        .contracts()
        .thenCompose(contracts ->
            contracts.stream().anyMatch(each -> each.name().equals(name))
                ? write(new Body.Contract(new ContractChange.RemoveContract(name)))
                : refused(404, "unknown-contract", "no contract '" + name + "'", ""));
  }

  @Override
  public CompletionStage<Result> putEndpoint(EndpointRequest request) {
    return core.beginning()
        .then(() -> endpointChange(request))
        .thenCompose(checked ->
            switch (checked) {
              case Checked.Change(PutEndpoint change) -> write(new Body.Service(change));
              case Checked.Wrong(Result.Refused refusal) ->
                  CompletableFuture.completedFuture(refusal);
            });
  }

  private sealed interface Checked {
    record Change(PutEndpoint change) implements Checked {}

    record Wrong(Result.Refused refusal) implements Checked {}
  }

  private Checked endpointChange(EndpointRequest request) {
    if (!core.derived().catalogue().containsKey(request.service())) {
      return wrong(
          409, "unknown-service", "no service '" + request.service() + "'; put it first", "");
    }
    Optional<NodeId> owner =
        switch (request.owner()) {
          case Owner.Self() -> Optional.of(core.self());
          case Owner.Region() -> Optional.empty();
          case Owner.Node(String node) -> core.names().find(node);
        };
    if (request.owner() instanceof Owner.Node(String node) && owner.isEmpty()) {
      return wrong(422, "unknown-node", "no node '" + node + "'", "/owner");
    }
    String region =
        request
            .region()
            .or(() -> owner.flatMap(core.routing().neighbourhood()::regionOf))
            .orElseGet(() -> core.who().region());
    return new Checked.Change(
        new PutEndpoint(
            request.service(),
            request.endpoint(),
            request.url(),
            owner,
            region,
            request.weight(),
            request.priceMilli()));
  }

  private static Checked wrong(int status, String code, String detail, String pointer) {
    return new Checked.Wrong(new Result.Refused(status, code, detail, pointer));
  }

  @Override
  public CompletionStage<Result> deleteEndpoint(String service, String endpoint) {
    return core.beginning()
        .then(() -> known(service, endpoint))
        .thenCompose(known ->
            known
                ? write(new Body.Service(new ServiceChange.RemoveEndpoint(service, endpoint)))
                : refused(404, "unknown-endpoint", "no endpoint '" + endpoint + "'", ""));
  }

  private boolean known(String service, String endpoint) {
    Catalogue.Entry entry = core.derived().catalogue().get(service);
    return entry != null && entry.endpoints().stream().anyMatch(e -> e.endpoint().equals(endpoint));
  }

  @Override
  public CompletionStage<Result> drainEndpoint(String service, String endpoint, boolean draining) {
    return core.beginning()
        .then(() -> known(service, endpoint))
        .thenCompose(known ->
            known
                ? write(
                    new Body.Heal(
                        draining ? Verdicts.DRAIN : Verdicts.RESUME,
                        endpoint,
                        Verdicts.ENDPOINT,
                        "ordered",
                        "by an operator at " + core.who().name(),
                        Hash.ZERO))
                : refused(404, "unknown-endpoint", "no endpoint '" + endpoint + "'", ""));
  }

  @Override
  public CompletionStage<Result> drainNode(boolean draining) {
    core.healing().drain(draining);
    return CompletableFuture.completedFuture(new Result.Applied());
  }

  @Override
  public CompletionStage<Result> createInvite(int uses, Duration validFor) {
    return core.thread()
        .ask(() -> core.records().ledger().roster().mesh())
        .thenCompose(mesh -> {
          if (mesh.isEmpty()) {
            return refused(503, "not-admitted", "this node waits for the mesh's ledger", "");
          }
          SigningKey invite = SigningKey.generate(secureRandom);
          long expires = HybridClock.millis(clock.now()) + validFor.toMillis();
          JoinToken token =
              new JoinToken(
                  mesh.get().meshId(), invite.seed(), core.self(), expires, mesh.get().name());
          return core.appendSoon(new Body.Invite(invite.publicKey(), uses, expires))
              .handle((record, failure) ->
                  failure == null
                      ? new Result.Invited(
                          token.text(),
                          invite.publicKey().toString(),
                          uses,
                          Instant.ofEpochMilli(expires),
                          "skein up --seed "
                              + core.who().meshAddress()
                              + " --token "
                              + token.text(),
                          record.hash().toString())
                      : Unwritten.refusal(failure));
        });
  }

  @Override
  public CompletionStage<Ladder> await(String record, Acknowledgement wanted, Duration timeout) {
    return core.thread()
        .ask(() ->
            core.records()
                .ledger()
                .record(Hash.parse(record))
                .orElseThrow(
                    () -> new IllegalArgumentException("record: " + record + " is not held")))
        .thenCompose(held ->
            core.thread()
                .ask(() -> core.acknowledgements().await(held, wanted, timeout))
                .thenCompose(answer -> answer));
  }

  @Override
  public CompletionStage<Result> revoke(String member, String reason) {
    return endings.revoke(member, reason);
  }

  @Override
  public CompletionStage<Result> rotate(boolean force) {
    return endings.rotate(force);
  }

  private CompletionStage<Result> write(Body body) {
    return core.appendSoon(body)
        .handle(
            (record, failure) -> failure == null ? accepted(record) : Unwritten.refusal(failure));
  }

  private static Result accepted(SignedRecord record) {
    return new Result.Accepted(record.hash().toString());
  }

  private static CompletionStage<Result> refused(
      int status, String code, String detail, String pointer) {
    return CompletableFuture.completedFuture(new Result.Refused(status, code, detail, pointer));
  }
}
