package io.skein.app.mesh;

import io.skein.app.catalogue.Catalogue;
import io.skein.app.mesh.Verdicts.Repair;
import io.skein.app.routes.Reach;
import io.skein.app.rumor.Shadows;
import io.skein.app.rumor.Who;
import io.skein.gossip.membership.MemberState;
import io.skein.healing.DrainRules;
import io.skein.healing.Healer;
import io.skein.healing.HealerConfig;
import io.skein.healing.HealingPlan;
import io.skein.healing.Situation;
import io.skein.healing.action.Action;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.shadow.ShadowPeer;
import io.skein.healing.shadow.ShadowPlan;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.ServiceFacts;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import io.skein.healing.swarm.Strengths;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.SignedRecord;
import io.skein.proxy.health.CheckResult;
import io.skein.proxy.health.EndpointHealth;
import io.skein.routing.ejection.Ailment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gathers facts for the healer and carries out what it decides: each decision is a heal record,
/// and the record is what every node acts on. Confined to the mesh thread.
final class Repairs {
  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);

  private final MeshCore core;
  private HealingPlan plan = HealingPlan.DEFAULT;
  private Healer healer = healer(plan);
  private final Aftermath aftermath;
  private final Findings findings;
  private final Retreat retreat;
  private final StoreRepair store;
  private final RepairCounts counts = new RepairCounts();
  private final Map<String, Long> heldNodes = new HashMap<>();
  private final Map<String, Changed> changes = new HashMap<>();
  private final PanicEvents panics;
  private final Homes homes;
  private final Map<String, Probes> probes = new HashMap<>();
  private final Map<Hash, Long> learntNanos = new HashMap<>();
  private List<String> shadows = List.of();
  private MeshCore.Prober prober = (_, _) -> {};

  private static final long MINUTE_MILLIS = 60_000;

  // Whatever goes wrong later has other causes.
  private static final long LOOKED_AT_NANOS = 61_000_000_000L;

  /// A service as it was last seen.
  ///
  /// @param change what made it so
  /// @param changed whether it was seen to become so
  private record Changed(String change, long sinceNanos, boolean changed) {}

  // Whoever changes a service again so soon after a change of it was taken back means it.
  private static final long TAKEN_BACK_MILLIS = 600_000;

  // What made things worse for a node is not tried again within this.
  private static final long HELD_NANOS = 120_000_000_000L;

  /// Pause between the probes of an endpoint that has just begun to fail.
  private static final long SUSPECT_PROBE_NANOS = 100_000_000L;

  /// How long after a failure an endpoint is suspect.
  private static final long SUSPECT_NANOS = 2_000_000_000L;

  /// As many bad probes in a row convince the healer.
  private static final int UNHEALTHY_PROBES = 3;

  private static final class Probes {
    private long lastSentNanos = Long.MIN_VALUE / 2;
    private long total;
    private int goodInRow;
    private int badInRow;
    private boolean unreachable;
    private long latencyNanos;

    ProbeResults results() {
      return new ProbeResults(total, goodInRow, badInRow, unreachable, latencyNanos);
    }
  }

  Repairs(MeshCore core, Records records) {
    this.core = core;
    this.panics = new PanicEvents(core);
    this.homes = new Homes(core);
    this.aftermath = new Aftermath(core.traffic());
    this.findings = new Findings(core);
    this.retreat = new Retreat(core);
    this.store = new StoreRepair(core.self().toString(), records, this::append);
  }

  void prober(MeshCore.Prober how) {
    prober = how;
  }

  /// A probe ended.
  ///
  /// @param unreachable whether there was not even a connection
  void probed(String endpoint, boolean ok, boolean unreachable, long latencyNanos) {
    Probes about = probes.computeIfAbsent(endpoint, _ -> new Probes());
    about.total++;
    about.unreachable = unreachable;
    if (ok) {
      about.goodInRow++;
      about.badInRow = 0;
      about.latencyNanos = latencyNanos;
    } else {
      about.badInRow++;
      about.goodInRow = 0;
    }
  }

  /// A check at intervals ended: it counts as bad once so many have failed as the service says.
  void checked(String endpoint, CheckResult result, EndpointHealth.State state) {
    boolean unhealthy = !result.ok() && state == EndpointHealth.State.UNHEALTHY;
    probed(endpoint, !unhealthy, !result.ok() && !result.answered(), result.latencyNanos());
    if (unhealthy) {
      Probes about = probes.computeIfAbsent(endpoint, _ -> new Probes());
      long missing = UNHEALTHY_PROBES - about.badInRow;
      about.total += Math.max(0, missing);
      about.badInRow = Math.max(UNHEALTHY_PROBES, about.badInRow);
    }
  }

  /// What this node may do from now on.
  void plan(HealingPlan now) {
    if (now.mostAtOnce() != plan.mostAtOnce() || now.mostPerMinute() != plan.mostPerMinute()) {
      healer = healer(now);
    }
    plan = now;
  }

  private static Healer healer(HealingPlan plan) {
    return new Healer(
        HealerConfig.DEFAULT.withLimit(plan.mostAtOnce(), plan.mostPerMinute()), System.nanoTime());
  }

  /// What is done about this node's own traffic.
  Retreat retreat() {
    return retreat;
  }

  /// Looks at the facts and does what is this node's turn.
  void step(long nowNanos) {
    panics.look();
    core.vigil().look(nowNanos);
    findings.tell(core.vigil().diagnoses());
    retreat.look(plan.acting().contains(ActionKind.DRAIN), () -> facts(nowNanos), nowNanos);
    if (!core.records().ledger().writable()) {
      return;
    }
    Facts facts = facts(nowNanos);
    probeSuspects(facts, nowNanos);
    for (Action action : healer.step(facts, situation(nowNanos), nowNanos)) {
      carryOut(action);
    }
    store.step(plan.acting().contains(ActionKind.REBUILD), nowNanos).forEach(this::carryOut);
    aftermath.due(nowNanos).forEach(this::measured);
  }

  /// When to look again sooner than usual; `Long.MAX_VALUE` if there is no hurry.
  long hurriesAtNanos() {
    return healer.hurriesAtNanos();
  }

  private void carryOut(Action action) {
    switch (action) {
      case Action.SetAside(String endpoint, Ailment diagnosis, String evidence) ->
          begin(
              ActionKind.SET_ASIDE,
              endpoint,
              kindOf(endpoint, diagnosis),
              diagnosis.text(),
              evidence);
      case Action.Shift(String endpoint, Ailment diagnosis, String evidence) ->
          begin(
              ActionKind.SHIFT, endpoint, kindOf(endpoint, diagnosis), diagnosis.text(), evidence);
      case Action.Restore(String endpoint, String cause, String evidence) ->
          write(
              Verdicts.RESTORE,
              endpoint,
              Verdicts.ENDPOINT,
              "recovered",
              evidence,
              Hash.parse(cause));
      case Action.Unshift(String endpoint, String cause, String evidence) ->
          write(
              Verdicts.UNSHIFT,
              endpoint,
              Verdicts.ENDPOINT,
              "recovered",
              evidence,
              Hash.parse(cause));
      case Action.ReHome(String endpoint, Diagnosis.EndpointStranded found) ->
          begin(
              ActionKind.RE_HOME,
              endpoint,
              found.kind(),
              "stranded",
              found.evidence() + "; home: " + nameOf(found.home()));
      case Action.GiveBack(String endpoint, String cause, String evidence) ->
          write(
              Verdicts.GIVE_BACK,
              endpoint,
              Verdicts.ENDPOINT,
              "recovered",
              evidence,
              Hash.parse(cause));
      case Action.CoverNode(String node, List<String> by) ->
          begin(
              ActionKind.COVER,
              node,
              "node-dead",
              "silent",
              by.isEmpty() ? "no live shadow" : "covered by " + names(by));
      case Action.WelcomeNode(String node) ->
          write(
              Verdicts.WELCOME,
              node,
              Verdicts.NODE,
              "returned",
              "is in the mesh again",
              core.derived()
                  .verdicts()
                  .covered(node)
                  .map(repair -> repair.record().hash())
                  .orElse(Hash.ZERO));
      case Action.Avoid(String node, Diagnosis diagnosis) ->
          begin(
              ActionKind.AVOID,
              node,
              diagnosis.kind(),
              diagnosis.kind().substring("node-".length()),
              diagnosis.evidence());
      case Action.Readmit(String node, String cause) ->
          write(
              Verdicts.READMIT,
              node,
              Verdicts.NODE,
              "recovered",
              "nothing is wrong with it any more",
              Hash.parse(cause));
      case Action.Drain(String node, Diagnosis diagnosis) ->
          begin(
              ActionKind.DRAIN,
              node,
              diagnosis.kind(),
              diagnosis.kind().replaceFirst("^node-", ""),
              diagnosis.evidence());
      case Action.Resume(String node, String cause, String evidence) ->
          write(Verdicts.RESUME, node, Verdicts.NODE, "recovered", evidence, Hash.parse(cause));
      case Action.Rebuild rebuild -> {
        counts.begun(ActionKind.REBUILD);
        store.begin(rebuild);
      }
      case Action.Rebuilt rebuilt -> store.end(rebuilt);
      case Action.RollBack(String service, String change, String evidence) ->
          rollBack(service, change, evidence);
      case Action.Observed(ActionKind kind, String subject, String diagnosis, String evidence) -> {
        counts.observed(kind);
        core.events()
            .add(
                "healing",
                "info",
                nameOf(subject),
                "would be: " + kind.word() + ": " + diagnosis + ", " + evidence);
      }
      case Action.ProbeDue(String endpoint) -> probe(endpoint);
    }
  }

  private void rollBack(String service, String change, String evidence) {
    // It may have been changed again since it was looked at.
    if (core.derived().change(service).equals(Optional.of(change))) {
      core.derived()
          .former(service)
          .ifPresent(former -> {
            begin(ActionKind.ROLL_BACK, service, "change-harmful", "harmful", evidence);
            putService(former);
          });
    }
  }

  private void putService(PutService put) {
    var _ = append(new Body.Service(put), "service " + put.service() + " as it was");
  }

  // Requests are summed up for those that were changed of late only.
  private SortedMap<String, ServiceFacts> services(long nowNanos) {
    SortedMap<String, ServiceFacts> services = new TreeMap<>();
    Derived derived = core.derived();
    changes.keySet().retainAll(derived.catalogue().keySet());
    for (String name : derived.catalogue().keySet()) {
      Optional<String> change = derived.change(name);
      if (change.isEmpty()) {
        continue;
      }
      Changed seen = changes.get(name);
      if (seen == null || !seen.change().equals(change.get())) {
        seen = new Changed(change.get(), nowNanos, seen != null);
        changes.put(name, seen);
      }
      boolean late = seen.changed() && nowNanos - seen.sinceNanos() <= LOOKED_AT_NANOS;
      services.put(
          name,
          new ServiceFacts(
              change.get(),
              late && derived.former(name).isPresent() && !takenBackOfLate(name),
              late ? aftermath.figures(endpointsOf(name)) : Figures.NONE));
    }
    return services;
  }

  private boolean takenBackOfLate(String service) {
    return core.derived()
        .verdicts()
        .ofChange(service)
        .map(it -> core.nowMillis() - HybridClock.millis(it.hlc()) < TAKEN_BACK_MILLIS)
        .orElse(false);
  }

  private String kindOf(String endpoint, Ailment ailment) {
    return healer.diagnosis(endpoint).map(it -> it.kind()).orElse("endpoint-" + ailment.text());
  }

  private String nameOf(String subject) {
    return subject.contains("/") ? subject : core.names().ofText(subject);
  }

  // What is wrong with live nodes, but for those where a repair of it made things worse of late.
  private SortedMap<String, Diagnosis> sick(Predicate<Diagnosis> grave, long nowNanos) {
    SortedMap<String, Diagnosis> sick = new TreeMap<>();
    for (Diagnosis diagnosis : core.vigil().diagnoses()) {
      String node = diagnosis.subject();
      if (grave.test(diagnosis)
          && nowNanos - heldNodes.getOrDefault(node, nowNanos - HELD_NANOS) >= HELD_NANOS) {
        sick.put(node, diagnosis);
      }
    }
    return sick;
  }

  private static boolean avoidable(Diagnosis diagnosis) {
    return switch (diagnosis) {
      case Diagnosis.NodeOutOfDisk disk -> !disk.writes();
      case Diagnosis.NodeClockSkewed _ -> true;
      default -> false;
    };
  }

  private static SortedMap<String, String> causes(Map<String, Repair> standing) {
    SortedMap<String, String> causes = new TreeMap<>();
    standing.forEach((node, repair) -> causes.put(node, repair.record().hash().toString()));
    return causes;
  }

  private Situation situation(long nowNanos) {
    Map<String, Verdict> shifted = new TreeMap<>();
    core.derived()
        .verdicts()
        .allShifted()
        .forEach((endpoint, repair) -> shifted.put(endpoint, verdict(repair)));
    SortedMap<String, Diagnosis> sick = sick(Repairs::avoidable, nowNanos);
    sick.remove(core.self().toString());
    Verdicts verdicts = core.derived().verdicts();
    return new Situation(
        core.vigil().patience(),
        strengths(),
        plan.acting(),
        new TreeMap<>(shifted),
        sick,
        causes(verdicts.allAvoided()),
        sick(it -> DrainRules.persistsNanos(it).isPresent(), nowNanos),
        causes(verdicts.allDrained()),
        services(nowNanos),
        homes.of(this::results));
  }

  /// What worked before: equal on all nodes with the same records, but for the minute.
  Strengths strengths() {
    List<Strengths.Deposit> deposits = new ArrayList<>();
    for (Verdicts.Told told : core.derived().verdicts().effects()) {
      Body.Effect effect = told.effect();
      ActionKind.of(effect.action())
          .ifPresent(kind ->
              deposits.add(
                  new Strengths.Deposit(
                      effect.diagnosis(),
                      kind,
                      Outcome.of(effect.outcome()),
                      HybridClock.millis(told.record().hlc()))));
    }
    return Strengths.of(deposits, core.nowMillis() / MINUTE_MILLIS * MINUTE_MILLIS);
  }

  /// Writes the record that begins a repair, and measures what comes of it.
  private void begin(
      ActionKind kind, String subject, String diagnosis, String word, String evidence) {
    boolean node = kind == ActionKind.COVER || kind == ActionKind.AVOID || kind == ActionKind.DRAIN;
    boolean service = kind == ActionKind.ROLL_BACK;
    Collection<String> concerned =
        node ? endpoints() : service ? endpointsOf(subject) : endpointsLike(subject);
    Figures before = aftermath.figures(concerned);
    counts.begun(kind);
    var _ =
        written(
                kind.word(),
                subject,
                node ? Verdicts.NODE : service ? Verdicts.SERVICE : Verdicts.ENDPOINT,
                word,
                HealWords.evidence(evidence, before),
                Hash.ZERO)
            .thenAccept(record ->
                core.thread()
                    .execute(() ->
                        aftermath.begin(
                            record.hash(),
                            subject,
                            kind,
                            diagnosis,
                            concerned,
                            before,
                            System.nanoTime())));
  }

  private Collection<String> endpoints() {
    return core.derived().catalogue().values().stream()
        .flatMap(entry -> entry.endpoints().stream())
        .map(PutEndpoint::endpoint)
        .toList();
  }

  private Collection<String> endpointsOf(String service) {
    return endpoints().stream().filter(id -> id.startsWith(service + "/")).toList();
  }

  private Collection<String> endpointsLike(String endpoint) {
    return core.derived().catalogue().values().stream()
        .map(Catalogue.Entry::endpoints)
        .filter(all -> all.stream().anyMatch(put -> put.endpoint().equals(endpoint)))
        .flatMap(all -> all.stream().map(PutEndpoint::endpoint))
        .toList();
  }

  private void measured(Aftermath.Measured measured) {
    var _ = append(measured.effect(), "what came of a repair of " + measured.subject());
    if (measured.outcome() == Outcome.WORSE) {
      undo(measured);
    }
  }

  // What made things worse is undone, if it stands still. A dead endpoint stays out: its return
  // would make nothing better.
  private void undo(Aftermath.Measured measured) {
    Verdicts verdicts = core.derived().verdicts();
    String subject = measured.subject();
    Optional<Repair> standing =
        switch (measured.action()) {
          case SET_ASIDE -> verdicts.setAside(subject).filter(it -> diagnosis(it) != Ailment.DEAD);
          case SHIFT -> verdicts.shifted(subject);
          case RE_HOME -> Optional.ofNullable(core.derived().homes().get(subject));
          case AVOID -> Optional.ofNullable(verdicts.allAvoided().get(subject));
          case DRAIN -> verdicts.drained(subject);
          case ROLL_BACK -> verdicts.ofChange(subject);
          case COVER, REBUILD -> Optional.empty();
        };
    standing
        .filter(it -> it.record().hash().equals(measured.effect().repair()))
        .ifPresent(it -> {
          counts.undone(measured.action());
          write(
              measured.action().end(),
              subject,
              it.heal().subjectKind(),
              "worse",
              "it made things worse: " + HealWords.measured(measured.effect()),
              it.record().hash());
          if (measured.action() == ActionKind.ROLL_BACK) {
            core.derived().former(subject).ifPresent(this::putService);
          }
        });
  }

  /// What came of a repair was taken in.
  void effectDerived(SignedRecord record, Body.Effect effect) {
    Outcome outcome = Outcome.of(effect.outcome());
    Optional<Body.Heal> heal = core.derived().verdicts().repair(effect.repair()).map(Repair::heal);
    counts.measured(outcome);
    if (heal.isEmpty()) {
      return;
    }
    String subject = heal.get().subject();
    if (outcome == Outcome.WORSE) {
      ActionKind.of(effect.action())
          .ifPresent(kind -> {
            healer.hold(subject, kind, System.nanoTime());
            if (kind == ActionKind.AVOID || kind == ActionKind.DRAIN) {
              heldNodes.put(subject, System.nanoTime());
            }
          });
    }
    if (outcome != Outcome.UNKNOWN) {
      core.events()
          .add(
              "healing",
              outcome == Outcome.WORSE ? "warning" : "info",
              nameOf(subject),
              effect.action()
                  + " "
                  + outcome.word()
                  + ", says "
                  + core.nameOf(record.author())
                  + ": "
                  + HealWords.measured(effect));
    }
  }

  /// What is wrong, as this node finds: endpoints, then the rest.
  List<Diagnosis> diagnoses() {
    List<Diagnosis> all = new ArrayList<>(healer.diagnoses());
    all.addAll(core.vigil().diagnoses());
    return all;
  }

  /// How much was repaired.
  RepairCounts counts() {
    return counts;
  }

  HealingPlan plan() {
    return plan;
  }

  // A policy that learns from one failure sends no second request, so that failures in a row would
  // take long to add up: probes find out at once and cost no client anything.
  private void probeSuspects(Facts facts, long nowNanos) {
    facts
        .endpoints()
        .forEach((id, about) -> {
          boolean suspect =
              about.seen().failuresInRow() > 0
                  && about.seen().lastFailureAgeNanos() < SUSPECT_NANOS
                  && !facts.verdicts().containsKey(id)
                  && about.reachedBy().contains(facts.self());
          Probes sent = probes.computeIfAbsent(id, _ -> new Probes());
          if (suspect && nowNanos - sent.lastSentNanos >= SUSPECT_PROBE_NANOS) {
            sent.lastSentNanos = nowNanos;
            probe(id);
          }
        });
  }

  private String names(List<String> nodes) {
    return nodes.stream().map(core.names()::ofText).collect(Collectors.joining(", "));
  }

  private void write(
      String action, String subject, String kind, String diagnosis, String evidence, Hash cause) {
    var _ = written(action, subject, kind, diagnosis, evidence, cause);
  }

  private CompletableFuture<SignedRecord> written(
      String action, String subject, String kind, String diagnosis, String evidence, Hash cause) {
    return append(
        new Body.Heal(action, subject, kind, diagnosis, evidence, cause),
        "repair '" + action + "' of " + subject);
  }

  private CompletableFuture<SignedRecord> append(Body body, String what) {
    CompletableFuture<SignedRecord> written = core.append(body);
    var _ =
        written.exceptionally(failure -> {
          LOG.warn("{} could not be written: {}", what, failure.toString());
          throw new IllegalStateException(failure);
        });
    return written;
  }

  private void probe(String endpoint) {
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      for (PutEndpoint put : entry.endpoints()) {
        if (put.endpoint().equals(endpoint)) {
          prober.probe(entry.service(), put);
        }
      }
    }
  }

  /// A heal record was taken in.
  void recordDerived(SignedRecord record, Body.Heal heal) {
    learntNanos.put(record.hash(), System.nanoTime());
    Probes probed = probes.get(heal.subject());
    if (heal.action().equals(Verdicts.RESTORE) && probed != null) {
      core.outcomes().tracker(heal.subject()).forget();
      core.tables().load(heal.subject()).forget(System.nanoTime());
      // Others may have restored what this node cannot reach.
      if (probed.goodInRow > 0) {
        core.checks().answers(heal.subject());
      }
    }
    boolean node = heal.subjectKind().equals(Verdicts.NODE);
    String subject = node ? core.names().ofText(heal.subject()) : heal.subject();
    core.events()
        .add(
            "healing",
            Verdicts.begins(heal) ? "warning" : "info",
            subject,
            heal.action()
                + " by "
                + core.nameOf(record.author())
                + ": "
                + heal.diagnosis()
                + ", "
                + heal.evidence());
    LOG.atInfo()
        .addKeyValue("subject", subject)
        .addKeyValue("diagnosis", heal.diagnosis())
        .addKeyValue("by", core.nameOf(record.author()))
        .log("repair: {}", heal.action());
  }

  /// What this node knows now.
  Facts facts(long nowNanos) {
    Reach reach = core.reach();
    Set<String> live = new TreeSet<>();
    Set<String> gone = new TreeSet<>();
    Map<String, List<String>> shadowing = new TreeMap<>();
    live.add(core.self().toString());
    for (Peers.Peer peer : core.peers().all()) {
      String id = peer.id().toString();
      if (peer.present()) {
        live.add(id);
      } else if (peer.member().state() == MemberState.DEAD && peer.who().isPresent()) {
        gone.add(id);
      }
      core.peers()
          .shadows(peer.id())
          .ifPresent(
              said -> shadowing.put(id, said.nodes().stream().map(NodeId::toString).toList()));
    }
    Map<String, EndpointFacts> endpoints = new TreeMap<>();
    for (Catalogue.Entry entry : core.derived().catalogue().values()) {
      for (PutEndpoint endpoint : entry.endpoints()) {
        String id = endpoint.endpoint();
        if (core.availabilities().of(id).leaving()) {
          continue;
        }
        // Of what others reach a probe tells who might, not how it is.
        boolean reached = reach.reaches(endpoint);
        endpoints.put(
            id,
            new EndpointFacts(
                entry.service().service(),
                reach.nodesReaching(endpoint).stream()
                    .map(NodeId::toString)
                    .collect(Collectors.toCollection(TreeSet::new)),
                core.outcomes().tracker(id).observe(nowNanos),
                reached ? results(id) : ProbeResults.NONE,
                entry.service().slowAfterMillis() * 1_000_000));
      }
    }
    probes.keySet().retainAll(endpoints.keySet());
    return Facts.of(
        core.self().toString(),
        live,
        endpoints,
        verdicts(endpoints.keySet()),
        gone,
        covered(),
        shadowing);
  }

  private ProbeResults results(String endpoint) {
    Probes probed = probes.get(endpoint);
    return probed == null ? ProbeResults.NONE : probed.results();
  }

  private Map<String, Verdict> verdicts(Set<String> known) {
    Map<String, Verdict> verdicts = new TreeMap<>();
    Set<Hash> standing = new HashSet<>();
    core.derived()
        .verdicts()
        .allSetAside()
        .forEach((endpoint, repair) -> {
          if (known.contains(endpoint)) {
            Hash hash = repair.record().hash();
            standing.add(hash);
            verdicts.put(endpoint, verdict(repair));
          }
        });
    core.derived()
        .verdicts()
        .allShifted()
        .values()
        .forEach(repair -> standing.add(repair.record().hash()));
    learntNanos.keySet().retainAll(standing);
    return verdicts;
  }

  private Verdict verdict(Repair repair) {
    Hash hash = repair.record().hash();
    return new Verdict(
        diagnosis(repair),
        learntNanos.computeIfAbsent(hash, _ -> System.nanoTime()),
        hash.toString(),
        repair.record().author().toString());
  }

  private static Ailment diagnosis(Repair repair) {
    for (Ailment diagnosis : Ailment.values()) {
      if (diagnosis.text().equals(repair.heal().diagnosis().toLowerCase(Locale.ROOT))) {
        return diagnosis;
      }
    }
    return Ailment.FAILING;
  }

  private Set<String> covered() {
    return core.derived().verdicts().open().stream()
        .filter(repair -> repair.heal().action().equals(Verdicts.COVER))
        .map(repair -> repair.heal().subject())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The nodes that are to stand in for this one, best first.
  Shadows chooseShadows() {
    List<ShadowPeer> candidates = new ArrayList<>();
    for (Peers.Peer peer : core.peers().all()) {
      Optional<Who> who = peer.who();
      if (peer.alive() && who.isPresent() && !who.get().draining()) {
        double busy =
            core.peers().load(peer.id()).map(load -> load.utilisationMicros() / 1e6).orElse(0.0);
        candidates.add(
            new ShadowPeer(
                peer.id().toString(),
                who.get().region(),
                who.get().zone(),
                core.peers().distanceNanos(peer.id()) / 1e6,
                Math.clamp(1 - busy, 0, 1)));
      }
    }
    ShadowPeer self =
        new ShadowPeer(core.self().toString(), core.who().region(), core.who().zone(), 0, 1);
    shadows = ShadowPlan.choose(self, candidates, shadows);
    return new Shadows(shadows.stream().map(NodeId::parse).toList());
  }
}
