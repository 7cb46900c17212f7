package io.skein.api;

import io.skein.api.view.Ladder;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Remembers what was asked; refuses what it is told to refuse.
final class FakeControl implements MeshControl {
  static final String RECORD = "ab".repeat(32);

  final List<Object> asked = Collections.synchronizedList(new ArrayList<>());
  volatile CompletionStage<Result> next =
      CompletableFuture.completedFuture(new Result.Accepted(RECORD));

  volatile Ladder standing = Ladder.LOCAL;

  private CompletionStage<Result> take(Object request) {
    asked.add(request);
    return next;
  }

  @Override
  public List<Fault> trafficFaults(String traffic) {
    offEventLoops();
    return traffic.isEmpty() ? List.of() : faults(new JsonObject(traffic), "");
  }

  /// Knows `timeouts` only.
  private static List<Fault> faults(JsonObject document, String base) {
    List<Fault> faults = new ArrayList<>();
    for (String name : document.fieldNames()) {
      if (document.getValue(name) instanceof JsonObject inner && !name.equals("timeouts")) {
        faults.addAll(faults(inner, base + "/" + name));
      } else if (!name.equals("timeouts")) {
        faults.add(new Fault(base + "/" + name, "unknown key '" + name + "'"));
      }
    }
    return faults;
  }

  @Override
  public CompletionStage<Result> putService(ServiceRequest request) {
    return take(request);
  }

  @Override
  public CompletionStage<Result> deleteService(String service) {
    return take("delete " + service);
  }

  @Override
  public List<Fault> routeFaults(String name, String document) {
    offEventLoops();
    return document.contains("wrong") ? List.of(new Fault("/wrong/0", "it is")) : List.of();
  }

  private static void offEventLoops() {
    if (Context.isOnEventLoopThread()) {
      throw new AssertionError("reads a document on an event loop");
    }
  }

  @Override
  public CompletionStage<Result> putRoute(String name, String document) {
    return take("route " + name + " " + document);
  }

  @Override
  public CompletionStage<Result> deleteRoute(String name) {
    return take("delete route " + name);
  }

  @Override
  public CompletionStage<Result> stopExperiment(String name) {
    return take("stop experiment " + name);
  }

  @Override
  public CompletionStage<List<Fault>> contractFaults(String document) {
    return java.util.concurrent.CompletableFuture.completedFuture(
        document.contains("wrong")
            ? List.of(new Fault("/require", "1:1: undeclared reference to 'wrong'"))
            : List.of());
  }

  @Override
  public CompletionStage<Result> putContract(String name, String document) {
    return take("contract " + name + " " + document);
  }

  @Override
  public CompletionStage<Result> deleteContract(String name) {
    return take("delete contract " + name);
  }

  @Override
  public CompletionStage<Result> putEndpoint(EndpointRequest request) {
    return take(request);
  }

  @Override
  public CompletionStage<Result> deleteEndpoint(String service, String endpoint) {
    return take("delete " + service + " " + endpoint);
  }

  @Override
  public CompletionStage<Result> drainEndpoint(String service, String endpoint, boolean draining) {
    return take("drain " + service + " " + endpoint + " " + draining);
  }

  @Override
  public CompletionStage<Result> drainNode(boolean draining) {
    take("drain " + draining);
    return CompletableFuture.completedFuture(new Result.Applied());
  }

  @Override
  public CompletionStage<Result> revoke(String member, String reason) {
    take("revoke " + member + " " + reason);
    return CompletableFuture.completedFuture(new Result.Revoked(RECORD, "id-of-" + member, member));
  }

  @Override
  public CompletionStage<Result> rotate(boolean force) {
    take("rotate " + force);
    return CompletableFuture.completedFuture(
        new Result.Rotated(RECORD, "old-id", "new-id", 2, "restart it"));
  }

  @Override
  public CompletionStage<Result> createInvite(int uses, Duration validFor) {
    take("invite " + uses + " " + validFor);
    return CompletableFuture.completedFuture(
        new Result.Invited(
            "skein1-token",
            "key",
            uses,
            Instant.EPOCH.plus(validFor),
            "skein up --token …",
            RECORD));
  }

  @Override
  public CompletionStage<Ladder> await(String record, Acknowledgement wanted, Duration timeout) {
    asked.add("await " + record + " " + wanted.text() + " " + timeout);
    return CompletableFuture.completedFuture(standing);
  }
}
