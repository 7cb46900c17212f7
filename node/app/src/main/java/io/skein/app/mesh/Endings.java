package io.skein.app.mesh;

import io.skein.api.MeshControl.Result;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends identities on an operator's behalf: others' by revocation, this node's own by rotation. Any
/// thread.
final class Endings {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
  private static final Duration REPLICA_PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final String RESTART =
      "Restart the node: it comes back with the new key. Until then it balances and writes no"
          + " records";

  private final MeshCore core;
  private final SuccessorKeys keys;
  private final Executor blocking = work -> Thread.ofVirtual().name("skein-rotate").start(work);
  private final AtomicBoolean rotating = new AtomicBoolean();

  Endings(MeshCore core, SuccessorKeys keys) {
    this.core = core;
    this.keys = keys;
  }

  private sealed interface Target {
    record Found(NodeId id, String name) implements Target {}

    record Not(Result.Refused refusal) implements Target {}
  }

  CompletionStage<Result> revoke(String member, String reason) {
    return core.thread()
        .ask(() -> target(member))
        .thenCompose(target ->
            switch (target) {
              case Target.Not(Result.Refused refusal) ->
                  CompletableFuture.<Result>completedFuture(refusal);
              case Target.Found(NodeId id, String name) ->
                  core.appendSoon(new Body.Revoke(id, reason))
                      .handle((record, failure) ->
                          failure == null
                              ? new Result.Revoked(record.hash().toString(), id.toString(), name)
                              : Unwritten.refusal(failure));
            });
  }

  private Target target(String member) {
    Optional<Result.Refused> unable = unable();
    if (unable.isPresent()) {
      return new Target.Not(unable.get());
    }
    List<NodeId> found = core.names().findAll(member);
    if (found.isEmpty()) {
      return not(404, "unknown-member", "no member '" + member + "'. See: skein members");
    }
    if (found.size() > 1) {
      return not(
          409,
          "ambiguous-member",
          found.size()
              + " members are named '"
              + member
              + "'; name one by its id: "
              + String.join(", ", found.stream().map(NodeId::toString).toList()));
    }
    NodeId id = found.getFirst();
    RosterSnapshot roster = core.records().ledger().roster().snapshot();
    return roster
        .revocation(id)
        .map(revocation -> not(409, "already-revoked", RevokedWords.of(roster, id, revocation)))
        .orElseGet(() -> new Target.Found(id, core.nameOf(id)));
  }

  private static Target not(int status, String code, String detail) {
    return new Target.Not(new Result.Refused(status, code, detail, ""));
  }

  /// Why this node cannot write such a record now.
  private Optional<Result.Refused> unable() {
    return switch (core.standing()) {
      case Standing.Rotated rotated ->
          Optional.of(new Result.Refused(409, "already-rotated", rotated.detail(), ""));
      case Standing.Revoked revoked ->
          Optional.of(new Result.Refused(409, "already-revoked", revoked.detail(), ""));
      case Standing.NotAdmitted not ->
          Optional.of(new Result.Refused(409, "not-admitted", not.detail(), ""));
      case Standing.Current _ ->
          core.records().ledger().writable()
                  && core.records().ledger().roster().member(core.self()).isPresent()
              ? Optional.empty()
              : Optional.of(
                  new Result.Refused(
                      503, "unavailable", "this node waits for the mesh's ledger", ""));
    };
  }

  CompletionStage<Result> rotate(boolean force) {
    if (!rotating.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(
          new Result.Refused(409, "conflict", "a rotation is under way", ""));
    }
    return core.thread()
        .ask(() -> unable().or(() -> force ? Optional.empty() : alone()))
        .thenCompose(refusal ->
            refusal.isPresent()
                ? CompletableFuture.<Result>completedFuture(refusal.get())
                : CompletableFuture.supplyAsync(this::prepared, blocking).thenCompose(this::handOn))
        .exceptionally(Unwritten::refusal)
        .whenComplete((_, _) -> rotating.set(false));
  }

  private Optional<Result.Refused> alone() {
    boolean others =
        core.records().ledger().roster().members().stream()
            .anyMatch(member -> member.active() && !member.id().equals(core.self()));
    boolean heard = core.peers().all().stream().anyMatch(Peers.Peer::alive);
    return others && !heard
        ? Optional.of(
            new Result.Refused(
                409,
                "no-peer",
                "no peer is alive to be told: the rotation would be known to this node's disk alone"
                    + " until it meets one, and with that disk both identities would be lost. Try"
                    + " again when a peer is there, or force it",
                ""))
        : Optional.empty();
  }

  private Optional<SigningKey> prepared() {
    try {
      return Optional.of(keys.prepare());
    } catch (IOException e) {
      LOG.error("the new key could not be made: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private CompletionStage<Result> handOn(Optional<SigningKey> successor) {
    if (successor.isEmpty()) {
      return CompletableFuture.completedFuture(
          new Result.Refused(
              503, "key-file", "the new key could not be made; the node's log says why", ""));
    }
    NodeId to = successor.get().nodeId();
    Body.Rotate body =
        new Body.Rotate(
            successor.get().publicKey(),
            RotationProof.sign(successor.get(), core.meshId(), core.self()));
    return core.appendSoon(body)
        .thenCompose(this::held)
        .thenApplyAsync(held -> completed(held, to), blocking);
  }

  private record Held(SignedRecord record, int replicas) {}

  /// Waits until a live peer has the record, but not for ever: it is written, and there is no way
  /// back.
  private CompletionStage<Held> held(SignedRecord record) {
    CompletableFuture<Held> held = new CompletableFuture<>();
    long deadline = System.nanoTime() + REPLICA_PATIENCE.toNanos();
    core.thread().execute(() -> look(record, deadline, held));
    return held;
  }

  private void look(SignedRecord record, long deadlineNanos, CompletableFuture<Held> held) {
    int replicas = core.records().replicas(record.feed(), record.seq());
    boolean hopeless = core.peers().all().stream().noneMatch(Peers.Peer::alive);
    if (replicas > 0 || hopeless || System.nanoTime() - deadlineNanos >= 0) {
      held.complete(new Held(record, replicas));
    } else {
      core.thread().after(LOOK, () -> look(record, deadlineNanos, held));
    }
  }

  private Result completed(Held held, NodeId to) {
    String detail = RESTART + ".";
    try {
      keys.complete(core.self());
    } catch (IOException e) {
      // The next start does what is left: the record says so.
      LOG.error("the new key could not be put in place: {}", e.getMessage());
      detail = RESTART + ", which also puts the key in place (" + e.getMessage() + ").";
    }
    if (held.replicas() == 0) {
      detail +=
          " No peer is known to hold the rotation yet: the new identity shows it to those it meets.";
    }
    return new Result.Rotated(
        held.record().hash().toString(),
        core.self().toString(),
        to.toString(),
        held.replicas(),
        detail);
  }
}
