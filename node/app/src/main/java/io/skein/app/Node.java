package io.skein.app;

import io.skein.api.ApiConfig;
import io.skein.api.ApiServer;
import io.skein.api.view.ReadyCheck;
import io.skein.app.config.CommandLineOverrides;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.ConfigSource;
import io.skein.app.config.DrainConfig;
import io.skein.app.config.HostPort;
import io.skein.app.config.NodeConfig;
import io.skein.app.config.Provenance;
import io.skein.app.mesh.CatalogueDirectory;
import io.skein.app.mesh.EventLog;
import io.skein.app.mesh.MeshCore;
import io.skein.app.mesh.MeshIdentity;
import io.skein.app.mesh.MeshThread;
import io.skein.app.mesh.MeshViews;
import io.skein.app.mesh.NodeControl;
import io.skein.app.mesh.NotDurable;
import io.skein.app.mesh.ViewBuilder;
import io.skein.app.receipts.ReceiptBook;
import io.skein.app.receipts.ReceiptViews;
import io.skein.app.routes.RouteTables;
import io.skein.app.rumor.Who;
import io.skein.app.telemetry.MetricExport;
import io.skein.app.telemetry.SpanExport;
import io.skein.app.telemetry.Telemetry;
import io.skein.gossip.transport.AddressBook;
import io.skein.gossip.transport.jgroups.JGroupsTransport;
import io.skein.ledger.admission.MeshInfo;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.clock.AgreedClock;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.receipt.Receipts;
import io.skein.proxy.health.HealthChecker;
import io.skein.proxy.http.ProxyServer;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.Outcomes;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.routing.overload.OverloadConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running node, wired by hand; [#start] reads top to bottom as the architecture.
public final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final MeshCore core;
  private final Reloading reloading;
  private final Optional<CatalogueDirectory> directory;
  private final Bound bound;
  private final Shutdown shutdown;

  /// Where a node really listens, ports of 0 resolved.
  ///
  /// @param mesh address of the mesh port
  /// @param forward address of the forward listener
  /// @param api address of API and dashboard
  /// @param listeners public listeners by name
  /// @param founded whether this node made its mesh just now
  /// @param meshName the mesh's name, empty until a joiner has learnt it
  public record Bound(
      HostPort mesh,
      HostPort forward,
      HostPort api,
      Map<String, HostPort> listeners,
      boolean founded,
      String meshName) {
    public Bound {
      listeners = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(listeners));
    }
  }

  private Node(
      MeshCore core,
      Reloading reloading,
      Optional<CatalogueDirectory> directory,
      Bound bound,
      Shutdown shutdown) {
    this.core = core;
    this.reloading = reloading;
    this.directory = directory;
    this.bound = bound;
    this.shutdown = shutdown;
  }

  /// Starts a node that has nothing to be reloaded from.
  static Node start(NodeConfig config, String version) throws StartFailed {
    return start(
        new ConfigSource(Optional.empty(), Map.of(), CommandLineOverrides.NONE),
        new ConfigOutcome.Loaded(config, Provenance.NONE),
        version);
  }

  /// Starts a node; blocks until it listens everywhere and has looked for its mesh.
  ///
  /// @param source what its configuration is read from again when it is to be reloaded
  /// @param started what was read from it for this start
  /// @throws StartFailed if it cannot; whatever was opened is closed again
  static Node start(ConfigSource source, ConfigOutcome.Loaded started, String version)
      throws StartFailed {
    return start(source, started, version, System::currentTimeMillis);
  }

  /// The same.
  ///
  /// @param wallMillis Unix time, by which records are dated and windows end
  static Node start(
      ConfigSource source, ConfigOutcome.Loaded started, String version, LongSupplier wallMillis)
      throws StartFailed {
    NodeConfig config = started.config();
    StartStages stages = new StartStages();
    stages.over("configuration");
    Instant begun = Instant.now();
    SecureRandom secureRandom = new SecureRandom();
    AgreedClock wall = new AgreedClock(wallMillis, System::nanoTime);
    HybridClock clock = new HybridClock(wall);
    try (Undo undo = new Undo()) {
      // Beside what follows, because they need neither a key nor a ledger.
      Beside<Vertx> loops =
          undo.with(
              Beside.begin("loops", Node::openLoops),
              opening -> opening.undo(vertx -> Listening.await(vertx.close())));
      Thread.ofPlatform().daemon().name("skein-jgroups").start(JGroupsTransport::prepare);

      // Identity and ledger: what this node is, on disk.
      IdentityFiles identity =
          new IdentityFiles(config.node().data(), config.node().passphraseFile(), secureRandom);
      SegmentStore store =
          undo.with(
              DataDirectory.openStore(config, DataDirectory.knownKey(identity)),
              SegmentStore::close);
      Ports.check(config);
      PublicListeners.check(config.listeners());
      SigningKey key = DataDirectory.openKey(config, store, identity);
      store.markWith(key);
      AddressBook addresses = DataDirectory.openAddresses(config);
      boolean knowsPeers =
          !addresses.addresses().isEmpty()
              || !config.mesh().seeds().isEmpty()
              || store.feeds().stream().anyMatch(feed -> !feed.author().equals(key.nodeId()));
      Belonging belonging =
          Belonging.of(
              config,
              store,
              key,
              clock,
              secureRandom,
              (settings, credential) -> Knocking.at(settings, credential, key, begun),
              knowsPeers);
      store.damages().forEach(damage -> LOG.warn("damaged record set aside: {}", damage));
      stages.over("ledger");

      // Who may connect: the roster decides, or for a joiner without one the token's mesh id.
      AtomicReference<RosterSnapshot> roster =
          new AtomicReference<>(belonging.ledger().roster().snapshot());
      io.skein.ledger.admission.MeshTls tls = Trust.tls(key, belonging, roster, begun);

      HostPort meshBind = BindAddress.of(config.mesh().bind());
      Beside<JGroupsTransport> stack =
          undo.with(
              Beside.begin(
                  "stack",
                  () ->
                      new JGroupsTransport(
                          MeshPort.transportConfig(
                              config, belonging, key, meshBind, addresses, tls))),
              building -> building.undo(JGroupsTransport::close));

      // The data plane.
      Vertx vertx = loops.outcome();
      EventLog events = new EventLog(Instant::now);
      MeshThread thread = undo.with(new MeshThread("skein-mesh"), MeshThread::close);
      RouteTables tables =
          new RouteTables(
              Settings.locality(config), Settings.retryBudget(config), Settings.timeouts(config));
      AtomicReference<MeshCore> coreHolder = new AtomicReference<>();
      AccessLog accessLog = undo.with(AccessLogs.open(config.accessLog()), AccessLog::close);
      ReceiptRings rings =
          config.receipts().enabled()
              ? ReceiptRings.on(secureRandom::nextLong)
              : ReceiptRings.off();
      Outcomes outcomes =
          (service, candidate, servedBy, kind, status, latencyNanos, nowNanos) ->
              coreHolder
                  .get()
                  .routing()
                  .outcomes()
                  .completed(service, candidate, servedBy, kind, status, latencyNanos, nowNanos);
      io.skein.proxy.http.MeshTls asNode =
          new io.skein.proxy.http.MeshTls(tls.keyManager(), tls.trustManager(), Trust::isNode);
      DataPlane plane =
          DataPlane.open(
              config,
              vertx,
              () -> coreHolder.get().routing().table(),
              outcomes,
              accessLog,
              rings,
              asNode,
              undo);
      ProxyServer proxy = plane.proxy();
      PublicListeners publics = plane.publics();
      stages.over("data-plane");

      // The mesh.
      HostPort meshAddress = config.mesh().advertise().orElse(meshBind);
      JGroupsTransport transport = stack.outcome();
      Who who =
          new Who(
              config.node().name(),
              config.node().region(),
              config.node().zone(),
              meshAddress.toString(),
              config.mesh().advertise().map(HostPort::host).orElse(plane.forward().host()),
              plane.forward().port(),
              version,
              false,
              begun.toEpochMilli());
      MeshCore core =
          new MeshCore(
              new MeshIdentity(key, who),
              belonging.ledger(),
              clock,
              wall,
              transport,
              thread,
              tables,
              events,
              new SplittableRandom(secureRandom.nextLong()));
      coreHolder.set(core);
      Optional<ReceiptBook> receipts =
          config.receipts().enabled()
              ? Optional.of(undo.with(openReceipts(config, rings, core), ReceiptBook::close))
              : Optional.empty();
      receipts.ifPresent(core::onWindows);
      core.retain(Settings.retention(config));
      core.healing().plan(config.healing().plan());
      core.healing().storage(config.node().data().toFile()::getUsableSpace, store.damages().size());
      core.onRoster(roster::set);
      core.onCutOff(() -> Trust.cutOff(transport, tls, roster.get(), key.nodeId()));
      Optional<CatalogueDirectory> directory =
          config.mesh().directory()
              ? Optional.of(new CatalogueDirectory(transport, core))
              : Optional.empty();
      HealthChecker checker =
          new HealthChecker(
              vertx,
              core.healing().health()::checked,
              new SplittableRandom(secureRandom.nextLong()));
      HealthChecks health =
          new HealthChecks(core.healing().health(), checker, vertx, tables.documents());
      undo.then(health::close);
      Discoveries discoveries =
          undo.with(
              new Discoveries(
                  core,
                  vertx,
                  config.node().region(),
                  tables.documents(),
                  new SplittableRandom(secureRandom.nextLong())),
              Discoveries::close);
      core.healing().health().prober(health::probe);
      core.healing().sendAway(proxy::sendAway);
      core.healing().rejoins(transport::parted, transport::rejoin);
      String meshName = belonging.ledger().roster().mesh().map(MeshInfo::name).orElse("");

      // The node joins beside what follows; the ledger is the mesh thread's from here on.
      Beside<HostPort> joining =
          undo.with(
              Beside.begin(
                  "join",
                  () -> {
                    MeshPort.startTransport(core, meshBind);
                    return MeshPort.bound(transport).orElse(meshBind);
                  }),
              underWay -> underWay.undo(_ -> {}));

      // What people see.
      Telemetry telemetry = undo.with(new Telemetry(proxy, core, accessLog), Telemetry::close);
      List<Runnable> exports = new ArrayList<>();
      if (config.tracing().endpoint().isPresent()) {
        SpanExport spans =
            undo.with(Collectors.spans(config.tracing(), config.node()), SpanExport::close);
        exports.add(spans::close);
        proxy.trace(spans.tracer());
        telemetry.spans(spans.tracer());
      }
      if (config.metrics().endpoint().isPresent()) {
        MetricExport metrics =
            undo.with(
                Collectors.metrics(config.metrics(), config.node(), telemetry, begun),
                MetricExport::close);
        exports.add(metrics::close);
      }
      telemetry.relays(proxy.metrics(), publics::tls);
      OverloadWatch overload =
          undo.with(
              new OverloadWatch(vertx, proxy, plane.streams(), OverloadConfig.DEFAULT),
              OverloadWatch::close);
      telemetry.resilience(core.routing()::table, tables::routeLimits);
      telemetry.overload(
          OverloadWatch.RESOURCES,
          resource -> overload.seen().pressure(resource),
          () -> overload.seen().step());
      core.healing().shedding(overload::shedding);
      AtomicReference<List<ReadyCheck>> outer =
          new AtomicReference<>(List.of(new ReadyCheck("listeners", false, "not open yet")));
      MeshViews views =
          new MeshViews(
              core,
              new ViewBuilder(
                  core,
                  Instant::now,
                  begun,
                  () ->
                      Stream.concat(outer.get().stream(), Stream.of(overload.readiness()))
                          .toList()),
              Instant::now);
      directory.ifPresent(views::directory);
      directory.ifPresent(telemetry::directory);
      receipts.ifPresent(book -> {
        views.receipts(new ReceiptViews(book, config.receipts())::receipt);
        telemetry.receipts(book);
      });
      NodeControl control = new NodeControl(core, clock, secureRandom, identity);
      Reloading reloading =
          new Reloading(
              source,
              started,
              new DeclaredRecords(config.node().data()),
              core,
              publics,
              accessLog,
              Instant::now,
              next -> Settings.apply(next, core, proxy, plane.streams()));
      ApiServer api =
          new ApiServer(
              vertx,
              ApiConfig.at(config.api().bind().host(), config.api().bind().port())
                  .withAllowedHosts(
                      List.of(config.api().allowRemote() ? "*" : config.node().name())),
              views,
              control,
              reloading,
              telemetry::scrape);
      int apiPort = Listening.bind(api.listen(), "--api", config.api().bind());
      undo.then(() -> Listening.await(api.close()));
      stages.over("api");

      HostPort meshBound = joining.outcome();
      stages.over("mesh");
      if (config.mesh().advertise().isEmpty()) {
        core.meshAddress(meshBound.toString());
      }
      core.onPeers(() -> MeshPort.remember(transport, addresses));

      // Last the listeners: no client comes before there are routes.
      MeshPort.awaitRoutes(core);
      publics.open(config.listeners());
      Admitted.then(core, vertx, reloading::declare);
      Map<String, HostPort> listeners = publics.bound();
      publics.watch();
      health.start();
      discoveries.start();
      outer.set(List.of(new ReadyCheck("listeners", true, listeners.size() + " open")));
      views.start();
      stages.over("listeners");
      telemetry.start(stages.seconds());
      overload.start();
      telemetry.machine();
      // It costs more than all the rest of the start together.
      directory.ifPresent(copy -> Calm.then(vertx, copy::start));
      config.mesh().inviteFile().ifPresent(file -> invite(file, control, core, vertx));
      undo.keep();
      Shutdown shutdown =
          new Shutdown()
              .then(health::close)
              .then(discoveries::close)
              .then(() -> {
                DrainConfig drain = reloading.config().drain();
                plane.finish(drain.notice(), drain.timeout());
              })
              .then(core::stop);
      receipts.ifPresent(book -> shutdown.then(book::close));
      shutdown
          .then(transport::close)
          .then(() -> Listening.await(api.close()))
          .then(thread::close)
          .then(store::close)
          .then(accessLog::close);
      exports.forEach(shutdown::then);
      shutdown.then(() -> Listening.await(vertx.close())).then(publics::close);
      return new Node(
          core,
          reloading,
          directory,
          new Bound(
              meshBound,
              plane.forward(),
              config.api().bind().withPort(apiPort),
              listeners,
              belonging.way() == Belonging.Way.FOUNDED,
              meshName),
          shutdown);
    }
  }

  private static Vertx openLoops() {
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            // No file is served by it, and a process that is killed leaves its cache behind.
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false))
            .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2));
  }

  private static ReceiptBook openReceipts(NodeConfig config, ReceiptRings rings, MeshCore core) {
    ReceiptBook book =
        new ReceiptBook(
            rings,
            new Receipts(config.receipts().keep().toMillis(), config.receipts().budgetBytes()),
            body -> NotDurable.awaited(core.append(body)),
            () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    book.start();
    return book;
  }

  private static void invite(Path file, NodeControl control, MeshCore core, Vertx vertx) {
    InviteFile invite = new InviteFile(file, control);
    Admitted.then(
        core, vertx, () -> Thread.ofVirtual().name("skein-invite-file").start(invite::write));
  }

  /// Where it listens.
  Bound bound() {
    return bound;
  }

  MeshCore core() {
    return core;
  }

  /// What it runs with, and how that changes.
  Reloading reloading() {
    return reloading;
  }

  /// Its copy of the directory, if it keeps one.
  Optional<CatalogueDirectory> directory() {
    return directory;
  }

  /// Stops: tells the mesh that it goes, finishes requests in flight up to the configured limit,
  /// writes what is open, leaves.
  void stop() {
    core.healing().drain(true);
    shutdown.run();
  }
}
