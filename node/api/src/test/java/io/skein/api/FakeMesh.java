package io.skein.api;

import static io.skein.api.FakeFigures.ENDPOINTS;
import static io.skein.api.FakeFigures.NODES;
import static io.skein.api.FakeFigures.START_SECOND;
import static io.skein.api.FakeFigures.all;
import static io.skein.api.FakeFigures.failures;
import static io.skein.api.FakeFigures.hash;
import static io.skein.api.FakeFigures.id;
import static io.skein.api.FakeFigures.lost;
import static io.skein.api.FakeFigures.out;
import static io.skein.api.FakeFigures.rate;
import static io.skein.api.FakeFigures.rtt;
import static io.skein.api.FakeFigures.troubled;
import static io.skein.api.FakeFigures.wave;

import io.skein.api.view.ClassesView;
import io.skein.api.view.ContractView;
import io.skein.api.view.DigestView;
import io.skein.api.view.DirectoryView;
import io.skein.api.view.EventView;
import io.skein.api.view.ExperimentView;
import io.skein.api.view.ExplanationView;
import io.skein.api.view.FeedPageView;
import io.skein.api.view.ForecastView;
import io.skein.api.view.HeadsView;
import io.skein.api.view.HealingStateView;
import io.skein.api.view.HealingView;
import io.skein.api.view.HistoryView;
import io.skein.api.view.InviteView;
import io.skein.api.view.LedgerPageView;
import io.skein.api.view.LedgerView;
import io.skein.api.view.LinkView;
import io.skein.api.view.MemberView;
import io.skein.api.view.NodeView;
import io.skein.api.view.OverviewView;
import io.skein.api.view.OwnerView;
import io.skein.api.view.Percentiles;
import io.skein.api.view.ReadyCheck;
import io.skein.api.view.RecordView;
import io.skein.api.view.ReputationView;
import io.skein.api.view.RouteView;
import io.skein.api.view.ServiceView;
import io.skein.api.view.ShadowView;
import io.skein.api.view.Stamp;
import io.skein.api.view.StrengthsView;
import io.skein.api.view.TrafficView;
import io.skein.api.view.WhyView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// A mesh of three nodes and seven endpoints that lives by a formula of the clock it is given; see
/// [FakeFigures].
final class FakeMesh implements MeshView {
  final FakeProofs proofs = new FakeProofs();
  final FakeLedger ledger;
  private final LongSupplier clockMillis;
  private final FakeTraffic traffic;
  private final FakeRepairs repairs;
  private final FakeReputation reputation;
  final Map<String, ReceiptAnswer> receipts =
      new ConcurrentHashMap<>(Map.of("b".repeat(26), new ReceiptAnswer.Busy()));
  volatile boolean ready = true;
  volatile String name = "eu-1";

  FakeMesh(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
    this.ledger = new FakeLedger(clockMillis);
    this.traffic = new FakeTraffic(clockMillis);
    this.repairs = new FakeRepairs(clockMillis);
    this.reputation = new FakeReputation(clockMillis, ledger);
  }

  private long second() {
    return clockMillis.getAsLong() / 1_000;
  }

  @Override
  public CompletionStage<ReceiptAnswer> receipt(String id) {
    return CompletableFuture.completedFuture(
        receipts.getOrDefault(id, new ReceiptAnswer.Unknown("0 are kept")));
  }

  @Override
  public LedgerProofs proofs() {
    return proofs;
  }

  @Override
  public String asSeenBy() {
    return name;
  }

  @Override
  public Stamp stamp() {
    return new Stamp(name, Instant.ofEpochMilli(clockMillis.getAsLong()));
  }

  @Override
  public NodeView node() {
    return new NodeView(
        name,
        id(name),
        "eu",
        "eu-a",
        "0.1.0",
        ready,
        false,
        Math.max(0, second() - START_SECOND),
        "Bouncy Castle",
        new NodeView.Mesh("demo", hash("mesh")));
  }

  @Override
  public List<MemberView> members() {
    List<MemberView> members = new ArrayList<>();
    long now = second();
    for (String node : NODES) {
      boolean self = node.equals(name);
      boolean lost = lost(node, now);
      double load = 0.45 + 0.12 * wave(node, now, 60);
      members.add(
          new MemberView(
              node,
              id(node),
              node.substring(0, 2),
              node.substring(0, 2) + "-a",
              lost ? "dead" : node.equals("ap-1") && troubled(now) ? "suspect" : "alive",
              self,
              "10.0." + NODES.indexOf(node) + ".1:7800",
              self ? OptionalDouble.empty() : OptionalDouble.of(rtt(name, node, now)),
              self ? 0 : lost ? now % 180 - 75 + 1.4 : 0.2,
              lost ? OptionalDouble.empty() : OptionalDouble.of(load),
              lost ? OptionalDouble.empty() : OptionalDouble.of(load + 0.04),
              OptionalDouble.of(0.97 - 0.01 * NODES.indexOf(node)),
              lost ? "12 behind" : "in sync",
              ledger.headsRoot(lost ? 1 : 0),
              hash("rep" + (lost ? 1 : 0) + now / 2)));
    }
    return members;
  }

  @Override
  public List<LinkView> links() {
    List<LinkView> links = new ArrayList<>();
    long now = second();
    for (int i = 0; i < NODES.size(); i++) {
      for (int j = i + 1; j < NODES.size(); j++) {
        String from = NODES.get(i);
        String to = NODES.get(j);
        boolean down = lost(to, now);
        links.add(
            new LinkView(
                from,
                to,
                OptionalDouble.of(rtt(from, to, now)),
                from.equals(name),
                OptionalDouble.of(down ? 0 : 6 + 3 * wave(from + to, now, 30)),
                down ? "down" : "up"));
      }
    }
    return links;
  }

  @Override
  public OverviewView overview() {
    long now = second();
    double requests = 0;
    int healthy = 0;
    for (String id : all()) {
      requests += rate(id, now);
      healthy += out(id, now) ? 0 : 1;
    }
    return new OverviewView(
        requests,
        failures("orders/us-2", now) + failures("orders/ap-1", now),
        new Percentiles(13.2 + wave("p", now, 40), 118 + 9 * wave("q", now, 17)),
        lost("ap-1", now) ? 2 : 3,
        3,
        healthy,
        all().size(),
        FakeLedger.records(now),
        1.5,
        3,
        ledger.headsRoot(0),
        hash("rep0" + now / 2),
        troubled(now) ? 1 : 0);
  }

  @Override
  public List<ForecastView> forecast() {
    long now = second();
    List<ForecastView> forecasts = new ArrayList<>();
    for (String node : NODES) {
      double load = 40 + 10 * wave(node, now, 60);
      List<ForecastView.Horizon> horizons = new ArrayList<>();
      for (int ahead : new int[] {1, 5, 10, 30}) {
        double middle =
            40 + 10 * Math.sin((now + ahead) / 60.0 * 2 * Math.PI + node.hashCode() % 7);
        double spread = 2 + Math.sqrt(ahead) * 1.6;
        horizons.add(new ForecastView.Horizon(ahead, middle - spread, middle, middle + spread));
      }
      forecasts.add(
          new ForecastView(
              id(node),
              node,
              "requests/s",
              load,
              horizons,
              "double-exponential",
              OptionalDouble.of(0.83),
              OptionalDouble.of(60),
              node.equals("us-1") && troubled(now)
                  ? Optional.of(new ForecastView.Breach(0.34, 22))
                  : Optional.empty()));
    }
    return forecasts;
  }

  @Override
  public List<ShadowView> shadows() {
    long now = second();
    List<ShadowView> shadows = new ArrayList<>();
    for (String node : NODES) {
      shadows.add(
          new ShadowView(
              node,
              "alive",
              NODES.stream()
                  .filter(other -> !other.equals(node))
                  .map(other ->
                      new ShadowView.Shadow(
                          other,
                          other.substring(0, 2),
                          rtt(node, other, now),
                          0.5 + 0.1 * wave(other, now, 60),
                          80,
                          !other.equals("ap-1")))
                  .toList()));
    }
    return shadows;
  }

  @Override
  public CompletionStage<StrengthsView> strengths() {
    return CompletableFuture.completedFuture(
        new StrengthsView(
            Optional.of(hash("heads")),
            Instant.ofEpochSecond(second() / 60 * 60),
            2,
            List.of(new HealingStateView.Strength("endpoint-slow", "shift", 2))));
  }

  @Override
  public CompletionStage<List<OwnerView>> owners() {
    List<OwnerView> owners = new ArrayList<>();
    for (String endpoint : ENDPOINTS) {
      owners.add(owner(endpoint, "endpoint"));
    }
    owners.add(owner("orders", "service"));
    if (troubled(second())) {
      owners.add(owner("ap-1", "node"));
    }
    return CompletableFuture.completedFuture(owners);
  }

  private static OwnerView owner(String subject, String kind) {
    return new OwnerView(
        subject,
        kind,
        subject,
        Optional.of("eu-1"),
        Optional.of("eu-1"),
        true,
        kind.equals("service") ? Optional.of("us-1") : Optional.empty(),
        kind.equals("service") ? 2 : 1);
  }

  @Override
  public CompletionStage<HeadsView> newestHeads() {
    return CompletableFuture.completedFuture(heads());
  }

  @Override
  public HeadsView heads() {
    return ledger.heads();
  }

  @Override
  public CompletionStage<LedgerView> ledger() {
    return CompletableFuture.completedFuture(ledger.summary());
  }

  @Override
  public CompletionStage<LedgerAnswer<LedgerPageView>> search(LedgerQuery query) {
    return CompletableFuture.completedFuture(ledger.search(query));
  }

  @Override
  public CompletionStage<LedgerAnswer<DigestView>> digest(DigestQuery query) {
    return CompletableFuture.completedFuture(ledger.digest(query));
  }

  @Override
  public CompletionStage<Optional<FeedPageView>> feedPage(
      String author, long epoch, long from, int limit) {
    return CompletableFuture.completedFuture(ledger.feedPage(author, epoch, from, limit));
  }

  @Override
  public CompletionStage<Optional<RecordView>> record(String hash) {
    return CompletableFuture.completedFuture(ledger.record(hash));
  }

  @Override
  public List<RecordView> tail(int limit) {
    return ledger.tail(limit);
  }

  @Override
  public List<ReadyCheck> readiness() {
    return List.of(
        new ReadyCheck("ledger", true, "3 feeds"),
        new ReadyCheck("listeners", ready, ready ? "" : "draining"));
  }

  @Override
  public List<InviteView> invites() {
    return FakeSamples.invites();
  }

  @Override
  public CompletionStage<List<ContractView>> contracts() {
    return CompletableFuture.completedFuture(FakeSamples.contracts());
  }

  @Override
  public CompletionStage<List<RouteView>> routes() {
    return CompletableFuture.completedFuture(FakeSamples.routes());
  }

  @Override
  public CompletionStage<List<ExperimentView>> experiments() {
    return CompletableFuture.completedFuture(FakeSamples.experiments());
  }

  @Override
  public ClassesView classes(String service) {
    return FakeSamples.classes(service);
  }

  @Override
  public CompletionStage<ExplanationView> explain(Question question) {
    return CompletableFuture.completedFuture(FakeSamples.explain(question));
  }

  @Override
  public CompletionStage<DirectoryView> directory() {
    return CompletableFuture.completedFuture(FakeSamples.directory());
  }

  @Override
  public List<ServiceView> services() {
    return traffic.services();
  }

  @Override
  public TrafficView traffic(Optional<String> service, int seconds) {
    return traffic.traffic(service, seconds);
  }

  @Override
  public List<HealingView> healing(int limit) {
    return repairs.healing(limit);
  }

  @Override
  public List<EventView> events(int limit) {
    return repairs.events(limit);
  }

  @Override
  public ReputationView reputation() {
    return reputation.of(members());
  }

  @Override
  public CompletionStage<Optional<WhyView>> why(String subject) {
    return CompletableFuture.completedFuture(reputation.why(subject));
  }

  @Override
  public CompletionStage<Optional<HistoryView>> history(String subject) {
    return CompletableFuture.completedFuture(reputation.history(subject));
  }
}
