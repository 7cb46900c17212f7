package io.skein.app;

import io.skein.api.RunningConfig;
import io.skein.api.view.ConfigView;
import io.skein.api.view.ReloadView;
import io.skein.app.DeclaredRecords.Stamp;
import io.skein.app.config.ConfigChange;
import io.skein.app.config.ConfigChange.Effect;
import io.skein.app.config.ConfigCode;
import io.skein.app.config.ConfigDiff;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.ConfigProblem;
import io.skein.app.config.ConfigSource;
import io.skein.app.config.NodeConfig;
import io.skein.app.config.Place;
import io.skein.app.config.Provenance;
import io.skein.app.mesh.MeshCore;
import io.skein.app.mesh.NotDurable;
import io.skein.ledger.record.SignedRecord;
import io.skein.proxy.log.AccessLog;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The configuration a node runs with, and how the next takes its place: read and checked, held
/// against what is in force, prepared as far as it can fail (addresses bound, certificates and
/// files opened), written to the ledger, and then put in force, which cannot fail. Up to the
/// ledger's word nothing is changed, so that a mistake anywhere leaves all as it was.
///
/// One reload at a time, on virtual threads; any thread may ask.
final class Reloading implements RunningConfig {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);
  private static final int MOST_WAITING = 8;

  private final ConfigSource source;
  private final DeclaredRecords declared;
  private final MeshCore core;
  private final PublicListeners listeners;
  private final AccessLog accessLog;
  private final Supplier<Instant> clock;
  private final Consumer<NodeConfig> settings;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicReference<Optional<ConfigView.Last>> last =
      new AtomicReference<>(Optional.empty());
  private volatile InForce inForce;

  private record InForce(
      NodeConfig config, Provenance provenance, long generation, Instant since) {}

  /// @param started what the node was started with
  /// @param settings puts in force what needs no preparation; does not fail
  Reloading(
      ConfigSource source,
      ConfigOutcome.Loaded started,
      DeclaredRecords declared,
      MeshCore core,
      PublicListeners listeners,
      AccessLog accessLog,
      Supplier<Instant> clock,
      Consumer<NodeConfig> settings) {
    this.source = source;
    this.declared = declared;
    this.core = core;
    this.listeners = listeners;
    this.accessLog = accessLog;
    this.clock = clock;
    this.settings = settings;
    this.inForce =
        new InForce(
            started.config(), started.provenance(), 1, clock.get().truncatedTo(ChronoUnit.MILLIS));
  }

  private Instant now() {
    return clock.get().truncatedTo(ChronoUnit.MILLIS);
  }

  /// What is in force.
  NodeConfig config() {
    return inForce.config();
  }

  /// Brings into the catalogue what the configuration says, for a node that was just admitted.
  void declare() {
    Thread.ofVirtual()
        .name("skein-declare")
        .start(() -> {
          turn.lock();
          try {
            write(inForce.config());
          } catch (NothingWritten e) {
            LOG.error(
                "what the configuration declares could not be registered: {}", e.getMessage());
          } finally {
            turn.unlock();
          }
        });
  }

  @Override
  public ConfigView view() {
    InForce now = inForce;
    return new ConfigView(
        now.generation(),
        now.since(),
        file(),
        listeners.urls(),
        now.provenance().entries().entrySet().stream()
            .map(each ->
                new ConfigView.Value(
                    each.getKey(), each.getValue().value(), each.getValue().place().label()))
            .toList(),
        last.get());
  }

  private String file() {
    return source.file().map(String::valueOf).orElse("");
  }

  @Override
  public CompletionStage<Reload> reload(boolean dryRun) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.completedFuture(
          new Reload.Refused(503, "reloading", "too many reloads wait already", List.of()));
    }
    CompletableFuture<Reload> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("skein-reload")
        .start(() -> {
          turn.lock();
          try {
            Reload reload = reloadNow(dryRun);
            if (!dryRun) {
              tell(reload);
            }
            ended.complete(reload);
          } catch (RuntimeException e) {
            LOG.error("a reload failed", e);
            ended.completeExceptionally(e);
          } finally {
            turn.unlock();
            waiting.decrementAndGet();
          }
        });
    return ended;
  }

  private void tell(Reload reload) {
    switch (reload) {
      case Reload.Done(ReloadView view) -> {
        String what =
            counted(view.changes().size(), "change")
                + ", "
                + counted(view.records().size(), "record");
        last.set(Optional.of(new ConfigView.Last(now(), view.outcome(), what)));
        LOG.atInfo()
            .addKeyValue("outcome", view.outcome())
            .addKeyValue("generation", view.generation())
            .addKeyValue("changes", view.changes().stream().map(ReloadView.Change::text).toList())
            .addKeyValue("records", view.records().size())
            .log("configuration reloaded");
      }
      case Reload.Refused refused -> {
        last.set(Optional.of(new ConfigView.Last(now(), "refused", refused.detail())));
        LOG.atWarn()
            .addKeyValue("reason", refused.detail())
            .addKeyValue(
                "problems", refused.problems().stream().map(each -> each.get("message")).toList())
            .log("configuration not reloaded, nothing was changed");
      }
    }
  }

  private static String counted(int count, String what) {
    return count == 1 ? "1 " + what : count + " " + what + "s";
  }

  private Reload reloadNow(boolean dryRun) {
    return switch (ContractConditions.checked(source.load())) {
      case ConfigOutcome.Invalid(List<ConfigProblem> problems) -> invalid(problems);
      case ConfigOutcome.Loaded loaded -> reload(loaded, dryRun);
    };
  }

  private static Reload.Refused invalid(List<ConfigProblem> problems) {
    return new Reload.Refused(
        422,
        "invalid-configuration",
        (problems.size() == 1 ? "1 error" : problems.size() + " errors") + "; nothing was changed",
        problems.stream().map(Reloading::shown).toList());
  }

  private static Map<String, Object> shown(ConfigProblem problem) {
    Map<String, Object> shown = new LinkedHashMap<>(problem.toMap());
    shown.put("shown", problem.render());
    return shown;
  }

  private Reload reload(ConfigOutcome.Loaded wanted, boolean dryRun) {
    InForce now = inForce;
    List<ConfigChange> changes = ConfigDiff.between(now.provenance(), wanted.provenance());
    List<ConfigChange> refused =
        changes.stream().filter(each -> each.effect() == Effect.RESTART).toList();
    if (!refused.isEmpty()) {
      return needsRestart(refused, wanted.provenance());
    }
    List<ConfigProblem> problems = new ArrayList<>();
    PublicListeners.Change doors = prepare(wanted, problems);
    Optional<AccessLogs.Prepared> lines = Optional.empty();
    try {
      lines = problems.isEmpty() && !dryRun ? accessLog(wanted.config()) : lines;
    } catch (IOException e) {
      String key = "access-log.file";
      problems.add(
          problem(
              wanted,
              ConfigCode.UNUSABLE_FILE,
              key,
              "cannot be written: " + StartFailed.reason(e)));
    }
    if (!problems.isEmpty()) {
      doors.giveUp();
      return invalid(problems);
    }
    if (dryRun) {
      doors.giveUp();
      return wouldApply(wanted.config(), changes);
    }
    Written written;
    try {
      written = write(wanted.config());
    } catch (NothingWritten e) {
      doors.giveUp();
      lines.ifPresent(AccessLogs.Prepared::giveUp);
      return new Reload.Refused(503, "unavailable", e.getMessage(), List.of());
    }
    doors.commit(now.config().drain().timeout());
    lines.ifPresent(prepared -> prepared.turn(accessLog));
    settings.accept(wanted.config());
    boolean same = changes.isEmpty() && written.records().isEmpty();
    long generation = now.generation() + (same ? 0 : 1);
    inForce =
        new InForce(wanted.config(), wanted.provenance(), generation, same ? now.since() : now());
    return done(same ? "unchanged" : "applied", changes, written.records(), written.kept());
  }

  private Reload.Done done(
      String outcome,
      List<ConfigChange> changes,
      List<ReloadView.Written> records,
      Map<String, String> kept) {
    return new Reload.Done(
        new ReloadView(
            outcome,
            inForce.generation(),
            file(),
            changes.stream().map(Reloading::view).toList(),
            records,
            kept,
            listeners.urls()));
  }

  private static ReloadView.Change view(ConfigChange change) {
    return new ReloadView.Change(
        change.key(),
        change.kind().word(),
        change.from(),
        change.to(),
        change.effect() == Effect.AT_START ? "at-start" : "now",
        change.text());
  }

  private Reload wouldApply(NodeConfig wanted, List<ConfigChange> changes) {
    DeclarationPlan plan =
        DeclarationPlan.of(
            wanted,
            core.self(),
            core.declarations().standing().join(),
            core.declarations().contracts().join(),
            declared.stamps());
    List<ReloadView.Written> records =
        plan.changes().stream()
            .map(change ->
                new ReloadView.Written(
                    DeclarationPlan.verb(change), DeclarationPlan.key(change), ""))
            .toList();
    return done(
        changes.isEmpty() && records.isEmpty() ? "unchanged" : "would-apply",
        changes,
        records,
        plan.kept());
  }

  private Reload needsRestart(List<ConfigChange> refused, Provenance wanted) {
    String keys = String.join(", ", refused.stream().map(ConfigChange::key).distinct().toList());
    List<Map<String, Object>> problems =
        refused.stream()
            .map(change -> {
              String message = change.text() + "; needs a restart";
              Map<String, Object> problem = new LinkedHashMap<>();
              problem.put("key", change.key());
              problem.put("message", message);
              String at =
                  wanted
                      .place(change.key())
                      .filter(place -> !(place instanceof Place.Default))
                      .map(place -> place.label() + ": ")
                      .orElse("");
              problem.put("shown", at + message + "\n");
              return problem;
            })
            .toList();
    return new Reload.Refused(
        409, "needs-restart", keys + ": needs a restart; nothing was changed", problems);
  }

  private PublicListeners.Change prepare(
      ConfigOutcome.Loaded wanted, List<ConfigProblem> problems) {
    List<PublicListeners.Unusable> unusable = new ArrayList<>();
    PublicListeners.Change change = listeners.prepare(wanted.config().listeners(), unusable);
    for (PublicListeners.Unusable each : unusable) {
      String key = "listeners[" + each.index() + "]." + each.key();
      problems.add(problem(wanted, each.code(), key, each.what()));
    }
    return change;
  }

  private static ConfigProblem problem(
      ConfigOutcome.Loaded wanted, ConfigCode code, String key, String what) {
    Place place = wanted.provenance().place(key).orElseGet(Place.Default::new);
    return new ConfigProblem(code, key, place, key + ": " + what);
  }

  private Optional<AccessLogs.Prepared> accessLog(NodeConfig wanted) throws IOException {
    boolean same = wanted.accessLog().equals(inForce.config().accessLog());
    // The same file is opened anew: it may have been moved away.
    return same && wanted.accessLog().file().isEmpty()
        ? Optional.empty()
        : Optional.of(AccessLogs.prepare(wanted.accessLog()));
  }

  private record Written(List<ReloadView.Written> records, Map<String, String> kept) {}

  /// Nothing was written, and so nothing is changed.
  private static final class NothingWritten extends Exception {
    private static final long serialVersionUID = 1;

    NothingWritten(Throwable cause) {
      super(
          "the catalogue could not be changed ("
              + (cause.getMessage() == null ? cause.toString() : cause.getMessage())
              + (cause instanceof NotDurable ? ")" : "); nothing was changed"),
          cause);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /// Brings the catalogue to what the configuration says; blocks until that is durable and routed.
  private Written write(NodeConfig wanted) throws NothingWritten {
    AtomicReference<Optional<DeclarationPlan>> planned = new AtomicReference<>(Optional.empty());
    Map<String, Stamp> before = declared.stamps();
    List<SignedRecord> records;
    try {
      records =
          core.declarations()
              .change((standing, contracts) -> {
                DeclarationPlan plan =
                    DeclarationPlan.of(wanted, core.self(), standing, contracts, before);
                planned.set(Optional.of(plan));
                return plan.changes();
              })
              .get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new NothingWritten(
          cause instanceof CompletionException && cause.getCause() != null
              ? cause.getCause()
              : cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NothingWritten(e);
    }
    Map<String, Stamp> stamps = new TreeMap<>();
    List<ReloadView.Written> written = new ArrayList<>();
    planned
        .get()
        .ifPresent(plan -> {
          stamps.putAll(plan.declared());
          for (SignedRecord record : records) {
            String key = DeclarationPlan.key(record.body());
            String verb = DeclarationPlan.verb(record.body());
            written.add(new ReloadView.Written(verb, key, record.hash().toString()));
            if (verb.equals("put")) {
              stamps.put(key, new Stamp(record.author(), record.hlc()));
            }
          }
        });
    declared.keep(stamps);
    return new Written(written, planned.get().map(DeclarationPlan::kept).orElse(Map.of()));
  }
}
