package io.skein.app.mesh;

import io.skein.api.view.EndpointView;
import io.skein.api.view.HeadsView;
import io.skein.api.view.HealingStateView;
import io.skein.api.view.MemberView;
import io.skein.api.view.NodeView;
import io.skein.api.view.OverviewView;
import io.skein.api.view.Percentiles;
import io.skein.api.view.ReadyCheck;
import io.skein.api.view.ReputationView;
import io.skein.api.view.ServiceView;
import io.skein.api.view.Stamp;
import io.skein.app.mesh.MeshViews.Snapshot;
import io.skein.app.traffic.TrafficHistory;
import io.skein.app.traffic.TrafficHistory.Stretch;
import io.skein.ledger.key.SignatureLibrary;
import io.skein.ledger.log.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Makes the API's snapshots from the mesh's state. On the mesh thread.
public final class ViewBuilder {
  private static final long CAUGHT_UP_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int RECENT = TrafficHistory.RECENT_SECONDS;

  private final MeshCore core;
  private final Supplier<Instant> clock;
  private final Supplier<List<ReadyCheck>> outerChecks;
  private final Instant started;
  private final MemberViews members;
  private final ServiceViews services;
  private final ForesightViews foresight;
  private final HealingViews healing;
  private final ReputationViews reputation;
  private final LedgerViews ledger;
  private boolean caughtUp;
  private long lastCount;
  private long lastCountNanos;
  private double recordsPerSecond;

  /// @param outerChecks conditions of readiness outside the mesh
  public ViewBuilder(
      MeshCore core,
      Supplier<Instant> clock,
      Instant started,
      Supplier<List<ReadyCheck>> outerChecks) {
    this.core = core;
    this.clock = clock;
    this.started = started;
    this.outerChecks = outerChecks;
    this.members = new MemberViews(core);
    this.services = new ServiceViews(core, clock);
    this.foresight = new ForesightViews(core);
    this.healing = new HealingViews(core);
    this.reputation = new ReputationViews(core);
    this.ledger = new LedgerViews(core);
  }

  ServiceViews services() {
    return services;
  }

  ReputationViews reputation() {
    return reputation;
  }

  LedgerViews ledger() {
    return ledger;
  }

  /// What is shown before the first snapshot.
  Snapshot empty() {
    Stamp stamp = new Stamp(core.who().name(), Instant.EPOCH);
    return new Snapshot(
        stamp,
        new NodeView(
            core.who().name(),
            core.self().toString(),
            core.who().region(),
            core.who().zone(),
            core.who().version(),
            false,
            false,
            0,
            SignatureLibrary.name(),
            new NodeView.Mesh("", core.meshId().toString())),
        List.of(),
        List.of(),
        List.of(),
        new OverviewView(0, 0, Percentiles.NONE, 0, 0, 0, 0, 0, 0, 0, "", "", 0),
        List.of(),
        List.of(),
        List.of(),
        HealingStateView.NONE,
        new ReputationView(0, "", "", List.of(), List.of()),
        new HeadsView(List.of(), ""),
        List.of(),
        List.of(),
        List.of(new ReadyCheck("started", false, "the node is starting")));
  }

  Snapshot build() {
    List<ReadyCheck> readiness = readiness();
    boolean ready = readiness.stream().allMatch(ReadyCheck::ok);
    List<MemberView> everyMember = members.members();
    List<ServiceView> everyService = services.services();
    return new Snapshot(
        new Stamp(core.who().name(), clock.get()),
        node(ready),
        everyMember,
        members.links(),
        everyService,
        overview(everyMember, everyService),
        foresight.forecasts(),
        foresight.shadows(),
        healing.healing(),
        healing.state(),
        reputation.reputation(),
        ledger.heads(),
        ledger.tail(),
        ledger.invites(),
        readiness);
  }

  private List<ReadyCheck> readiness() {
    List<ReadyCheck> checks = new ArrayList<>(outerChecks.get());
    Ledger held = core.records().ledger();
    boolean known = held.roster().mesh().isPresent();
    boolean admitted = held.roster().member(core.self()).isPresent();
    checks.add(
        new ReadyCheck(
            "mesh",
            known && admitted,
            !known
                ? "waits for the mesh's ledger"
                : admitted ? "admitted" : "waits for its admission"));
    checks.add(
        core.records()
            .storageFailure()
            .map(failure -> new ReadyCheck("ledger-disk", false, failure.reason()))
            .orElseGet(() -> new ReadyCheck("ledger-disk", true, "writable")));
    checks.add(
        new ReadyCheck(
            "ledger",
            true,
            held.recordCount()
                + " records"
                + (held.own().awaitsPeers()
                    ? "; writes wait for what the peers know of this node"
                    : "")));
    caughtUp |= core.beginning().isOver() && core.thread().lateNanos() < CAUGHT_UP_NANOS;
    checks.add(
        new ReadyCheck(
            "start", caughtUp, caughtUp ? "caught up" : "catches up with what its ledger holds"));
    Standing standing = core.standing();
    checks.add(new ReadyCheck("identity", standing.serves(), standing.detail()));
    boolean draining = core.who().draining();
    checks.add(new ReadyCheck("traffic", !draining, draining ? "draining" : "takes traffic"));
    return checks;
  }

  private NodeView node(boolean ready) {
    Ledger held = core.records().ledger();
    return new NodeView(
        core.who().name(),
        core.self().toString(),
        core.who().region(),
        core.who().zone(),
        core.who().version(),
        ready,
        core.who().draining(),
        clock.get().getEpochSecond() - started.getEpochSecond(),
        SignatureLibrary.name(),
        new NodeView.Mesh(
            held.roster().mesh().map(mesh -> mesh.name()).orElse(""), held.meshId().toString()));
  }

  private OverviewView overview(List<MemberView> everyMember, List<ServiceView> everyService) {
    Ledger held = core.records().ledger();
    long now = System.nanoTime();
    if (now - lastCountNanos > 5_000_000_000L) {
      recordsPerSecond =
          lastCountNanos == 0
              ? 0
              : (held.recordCount() - lastCount) / ((now - lastCountNanos) / 1e9);
      lastCount = held.recordCount();
      lastCountNanos = now;
    }
    Stretch recent = core.routing().traffic().recent(core.routing().traffic().endpoints(), RECENT);
    List<EndpointView> endpoints =
        everyService.stream().flatMap(service -> service.endpoints().stream()).toList();
    Derived.Scored scored = core.derived().scored();
    return new OverviewView(
        recent.requests() / (double) RECENT,
        recent.failed() / (double) RECENT,
        ServiceViews.percentiles(recent),
        (int) everyMember.stream().filter(m -> m.state().equals("alive")).count(),
        (int) everyMember.stream().filter(m -> !m.state().equals("left")).count(),
        (int) endpoints.stream().filter(e -> e.state().equals("healthy")).count(),
        endpoints.size(),
        held.recordCount(),
        recordsPerSecond,
        held.heads().size(),
        scored.headsRoot().toString(),
        scored.scores().repRoot().toString(),
        core.derived().verdicts().open().size());
  }
}
