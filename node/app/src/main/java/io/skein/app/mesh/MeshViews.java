package io.skein.app.mesh;

import io.skein.api.DigestQuery;
import io.skein.api.LedgerAnswer;
import io.skein.api.LedgerProofs;
import io.skein.api.LedgerQuery;
import io.skein.api.MeshView;
import io.skein.api.ReceiptAnswer;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/// Hands the API immutable snapshots of the mesh. The mesh thread makes one every [#PERIOD], and
/// sooner after somebody looked at one older than [#FRESH].
public final class MeshViews implements MeshView {
  private static final Duration FRESH = Duration.ofMillis(100);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final MeshCore core;
  private final ViewBuilder builder;
  private final LedgerReader reader;
  private final Supplier<Instant> clock;
  private final AtomicBoolean requested = new AtomicBoolean();
  private volatile Optional<CatalogueDirectory> directory = Optional.empty();
  private volatile Function<String, CompletionStage<ReceiptAnswer>> receipts =
      _ ->
          CompletableFuture.completedFuture(
              new ReceiptAnswer.Unknown("this node makes no receipts: receipts.enabled is false"));
  private volatile Snapshot snapshot;
  private Optional<CompletableFuture<HeadsView>> asked = Optional.empty();

  /// Everything that is handed out at once.
  record Snapshot(
      Stamp stamp,
      NodeView node,
      List<MemberView> members,
      List<LinkView> links,
      List<ServiceView> services,
      OverviewView overview,
      List<ForecastView> forecast,
      List<ShadowView> shadows,
      List<HealingView> healing,
      HealingStateView healingState,
      ReputationView reputation,
      HeadsView heads,
      List<RecordView> tail,
      List<InviteView> invites,
      List<ReadyCheck> readiness) {}

  /// @param builder makes snapshots, on the mesh thread
  public MeshViews(MeshCore core, ViewBuilder builder, Supplier<Instant> clock) {
    this.core = core;
    this.builder = builder;
    this.reader = new LedgerReader(core, builder.ledger());
    this.clock = clock;
    this.snapshot = builder.empty();
  }

  /// The copy of the directory that is to be shown. Before [#start].
  public void directory(CatalogueDirectory copy) {
    directory = Optional.of(copy);
  }

  /// What answers for receipts. Before [#start].
  public void receipts(Function<String, CompletionStage<ReceiptAnswer>> source) {
    receipts = source;
  }

  /// Makes snapshots from now on, the first as soon as the mesh thread comes to it: a node that is
  /// ready is seen to be without waiting for a turn of regular work. Any thread, once.
  public void start() {
    core.thread().look();
    core.thread().execute(this::renew);
    core.thread().every(PERIOD, this::renew);
  }

  // Nothing is shown to be there that requests would not find.
  private void renew() {
    core.routing().publisher().refresh();
    snapshot = builder.build();
  }

  private void refresh() {
    if (requested.compareAndSet(false, true)) {
      core.thread()
          .execute(() -> {
            requested.set(false);
            renew();
          });
    }
  }

  private Snapshot now() {
    Snapshot held = snapshot;
    if (Duration.between(held.stamp().asOf(), clock.get()).compareTo(FRESH) > 0) {
      refresh();
    }
    return held;
  }

  @Override
  public String asSeenBy() {
    return snapshot.stamp().asSeenBy();
  }

  @Override
  public Stamp stamp() {
    return now().stamp();
  }

  @Override
  public NodeView node() {
    return now().node();
  }

  @Override
  public List<MemberView> members() {
    return now().members();
  }

  @Override
  public List<LinkView> links() {
    return now().links();
  }

  @Override
  public ClassesView classes(String service) {
    return ClassViews.of(core.routing().tables().classes(), service);
  }

  @Override
  public CompletionStage<List<RouteView>> routes() {
    return core.declarations().routeDocuments().thenApply(RouteViews::of);
  }

  @Override
  public CompletionStage<List<ExperimentView>> experiments() {
    return core.beginning()
        .then(() ->
            ExperimentViews.of(
                core.routing().tables().experiments().all(),
                core.laboratory(),
                core.derived().conclusions()));
  }

  @Override
  public CompletionStage<List<ContractView>> contracts() {
    return core.beginning().then(() -> new ContractViews(core).contracts());
  }

  @Override
  public CompletionStage<ExplanationView> explain(Question question) {
    return CompletableFuture.completedFuture(RouteViews.explain(core.routing().table(), question));
  }

  @Override
  public CompletionStage<DirectoryView> directory() {
    return directory
        .map(copy ->
            CompletableFuture.supplyAsync(
                () -> DirectoryViews.of(copy), task -> Thread.ofVirtual().start(task)))
        .orElseGet(() -> CompletableFuture.completedFuture(DirectoryView.OFF));
  }

  @Override
  public LedgerProofs proofs() {
    return core.attestation().proofs();
  }

  @Override
  public CompletionStage<ReceiptAnswer> receipt(String id) {
    return receipts.apply(id);
  }

  @Override
  public List<ServiceView> services() {
    return now().services();
  }

  @Override
  public OverviewView overview() {
    return now().overview();
  }

  @Override
  public List<ForecastView> forecast() {
    return now().forecast();
  }

  @Override
  public List<ShadowView> shadows() {
    return now().shadows();
  }

  @Override
  public List<HealingView> healing(int limit) {
    return now().healing().stream().limit(limit).toList();
  }

  @Override
  public HealingStateView healingState() {
    return now().healingState();
  }

  @Override
  public CompletionStage<StrengthsView> strengths() {
    return core.beginning().then(() -> new HealingViews(core).strengths());
  }

  @Override
  public CompletionStage<List<OwnerView>> owners() {
    return new OwnerViews(core).owners();
  }

  @Override
  public ReputationView reputation() {
    return now().reputation();
  }

  @Override
  public CompletionStage<Optional<WhyView>> why(String subject) {
    return core.beginning().then(() -> builder.reputation().why(subject));
  }

  @Override
  public CompletionStage<Optional<HistoryView>> history(String subject) {
    return core.beginning().then(() -> builder.reputation().history(subject));
  }

  @Override
  public HeadsView heads() {
    return now().heads();
  }

  // Many who ask at once share one look at the mesh, which none of them is older than.
  @Override
  public synchronized CompletionStage<HeadsView> newestHeads() {
    CompletableFuture<HeadsView> answer =
        asked.orElseGet(() -> core.thread().ask(this::lookAtHeads));
    asked = Optional.of(answer);
    return answer;
  }

  private HeadsView lookAtHeads() {
    synchronized (this) {
      asked = Optional.empty();
    }
    return builder.ledger().heads();
  }

  @Override
  public CompletionStage<Optional<FeedPageView>> feedPage(
      String author, long epoch, long from, int limit) {
    return reader.feedPage(author, epoch, from, limit);
  }

  @Override
  public CompletionStage<LedgerView> ledger() {
    return core.thread().ask(() -> builder.ledger().ledger());
  }

  @Override
  public CompletionStage<LedgerAnswer<LedgerPageView>> search(LedgerQuery query) {
    return reader.search(query);
  }

  @Override
  public CompletionStage<LedgerAnswer<DigestView>> digest(DigestQuery query) {
    return reader.digest(query);
  }

  @Override
  public CompletionStage<Optional<RecordView>> record(String hash) {
    return core.thread().ask(() -> builder.ledger().record(hash));
  }

  @Override
  public List<RecordView> tail(int limit) {
    return now().tail().stream().limit(limit).toList();
  }

  @Override
  public List<InviteView> invites() {
    return now().invites();
  }

  @Override
  public List<ReadyCheck> readiness() {
    return now().readiness();
  }

  @Override
  public TrafficView traffic(Optional<String> service, int seconds) {
    return builder.services().traffic(now().services(), service, seconds);
  }

  @Override
  public List<EventView> events(int limit) {
    return core.events().newest(limit);
  }
}
