package io.skein.app.mesh;

import io.skein.app.mesh.Verdicts.Repair;
import io.skein.healing.DrainRules;
import io.skein.healing.Healer;
import io.skein.healing.HealerConfig;
import io.skein.healing.HealingPlan;
import io.skein.healing.Situation;
import io.skein.healing.action.Action;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.Parting;
import io.skein.healing.signal.Shedding;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Outcome;
import io.skein.healing.swarm.Strengths;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.routing.ejection.Ailment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
  private final Findings findings;
  private final Retreat retreat;
  private final StoreRepair store;
  private final OwnRepairs own;
  private final RepairCounts counts = new RepairCounts();
  private final Map<String, Long> heldNodes = new HashMap<>();
  private final PanicEvents panics;
  private final Homes homes;
  private final ProbeBook probes;
  private final Survey survey;
  private final ServiceChanges changes;
  private final HealRecords records;
  private final RepairTrials trials;

  // What made things worse for a node is not tried again within this.
  private static final long HELD_NANOS = 120_000_000_000L;

  Repairs(MeshCore core, Records ledger) {
    this.core = core;
    this.panics = new PanicEvents(core);
    this.homes = new Homes(core);
    this.findings = new Findings(core);
    this.retreat = new Retreat(core);
    this.probes = new ProbeBook(core);
    this.survey = new Survey(core, probes);
    Aftermath aftermath = new Aftermath(core.routing().traffic());
    this.changes = new ServiceChanges(core, aftermath);
    this.records = new HealRecords(core);
    this.trials = new RepairTrials(core, aftermath, counts, records);
    this.store = new StoreRepair(core.self().toString(), ledger, records::append);
    this.own =
        new OwnRepairs(
            core.self().toString(),
            core.routing().announcer(),
            () -> aftermath.figures(trials.endpoints()),
            records::append);
  }

  /// What this node's probes found.
  ProbeBook probes() {
    return probes;
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

  /// How it is asked what this node sheds.
  void shedding(Supplier<Shedding> how) {
    own.shedding(how);
  }

  /// How it is asked who is heard of and not in this node's view, and how the node leaves that.
  void rejoins(Supplier<Parting> parting, Runnable rejoin) {
    own.rejoins(parting, core.names()::ofText, rejoin);
  }

  /// What is done about this node's own traffic.
  Retreat retreat() {
    return retreat;
  }

  /// Looks at the facts and does what is this node's turn.
  void step(long nowNanos) {
    panics.look();
    core.healing().vigil().look(nowNanos);
    findings.tell(core.healing().vigil().diagnoses());
    retreat.look(plan.acting().contains(ActionKind.DRAIN), () -> facts(nowNanos), nowNanos);
    if (!core.records().ledger().writable()) {
      return;
    }
    Facts facts = facts(nowNanos);
    probes.probeSuspects(facts, nowNanos);
    for (Action action : healer.step(facts, situation(nowNanos), nowNanos)) {
      carryOut(action);
    }
    store.step(plan.acting().contains(ActionKind.REBUILD), nowNanos).forEach(this::carryOut);
    own.step(
            core.derived().verdicts()::open,
            core.healing().vigil().diagnoses(),
            plan.acting(),
            () -> healer.mayTell(nowNanos),
            nowNanos)
        .forEach(this::carryOut);
    trials.look(nowNanos);
  }

  /// When to look again sooner than usual; `Long.MAX_VALUE` if there is no hurry.
  long hurriesAtNanos() {
    return healer.hurriesAtNanos();
  }

  private void carryOut(Action action) {
    switch (action) {
      case Action.SetAside(String endpoint, Ailment diagnosis, String evidence) ->
          trials.begin(
              ActionKind.SET_ASIDE,
              endpoint,
              kindOf(endpoint, diagnosis),
              diagnosis.text(),
              evidence);
      case Action.Shift(String endpoint, Ailment diagnosis, String evidence) ->
          shift(endpoint, diagnosis, evidence);
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
          trials.begin(
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
          trials.begin(
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
          trials.begin(
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
          trials.begin(
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
      case Action.Own what -> {
        if (what instanceof Action.Own.Begun) {
          counts.begun(what.kind());
        } else if (what instanceof Action.Own.Ended end && end.why().equals("worse")) {
          counts.undone(what.kind());
        }
        own.carryOut(what);
      }
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
      case Action.ProbeDue(String endpoint) -> probes.probe(endpoint);
    }
  }

  // A trial is part of a return: there is nothing before it to compare with.
  private void shift(String endpoint, Ailment diagnosis, String evidence) {
    if (diagnosis == Ailment.LYING) {
      counts.begun(ActionKind.SHIFT);
      write(
          Verdicts.SHIFT,
          endpoint,
          Verdicts.ENDPOINT,
          diagnosis.text(),
          HealWords.evidence(evidence, "requests that are answered"),
          Hash.ZERO);
    } else {
      trials.begin(
          ActionKind.SHIFT, endpoint, kindOf(endpoint, diagnosis), diagnosis.text(), evidence);
    }
  }

  private void rollBack(String service, String change, String evidence) {
    // It may have been changed again since it was looked at.
    if (core.derived().change(service).equals(Optional.of(change))) {
      core.derived()
          .former(service)
          .ifPresent(former -> {
            trials.begin(ActionKind.ROLL_BACK, service, "change-harmful", "harmful", evidence);
            records.putBack(former);
          });
    }
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
    for (Diagnosis diagnosis : core.healing().vigil().diagnoses()) {
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
    SortedMap<String, Diagnosis> sick = sick(Repairs::avoidable, nowNanos);
    sick.remove(core.self().toString());
    Verdicts verdicts = core.derived().verdicts();
    return new Situation(
        core.healing().vigil().patience(),
        trials.strengths(),
        plan.acting(),
        survey.shifted(),
        sick,
        causes(verdicts.allAvoided()),
        sick(it -> DrainRules.persistsNanos(it).isPresent(), nowNanos),
        causes(verdicts.allDrained()),
        changes.facts(nowNanos),
        homes.of(probes::results));
  }

  /// What worked before: equal on all nodes with the same records, but for the minute.
  Strengths strengths() {
    return trials.strengths();
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
    all.addAll(core.healing().vigil().diagnoses());
    return all;
  }

  /// How much was repaired.
  RepairCounts counts() {
    return counts;
  }

  HealingPlan plan() {
    return plan;
  }

  private String names(List<String> nodes) {
    return nodes.stream().map(core.names()::ofText).collect(Collectors.joining(", "));
  }

  private void write(
      String action, String subject, String kind, String diagnosis, String evidence, Hash cause) {
    var _ = records.heal(action, subject, kind, diagnosis, evidence, cause);
  }

  /// A heal record was taken in.
  void recordDerived(SignedRecord record, Body.Heal heal) {
    survey.learnt(record.hash());
    if (heal.action().equals(Verdicts.RESTORE) && probes.knows(heal.subject())) {
      core.routing().outcomes().tracker(heal.subject()).forget();
      core.routing().tables().load(heal.subject()).forget(System.nanoTime());
      // Others may have restored what this node cannot reach.
      if (probes.results(heal.subject()).goodInRow() > 0) {
        core.routing().checks().answers(heal.subject());
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
    return survey.facts(nowNanos);
  }
}
