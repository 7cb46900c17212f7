package io.skein.app.mesh;

import io.skein.app.routes.Experiments;
import io.skein.app.routes.Experiments.Running;
import io.skein.app.rumor.Trials;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ExperimentArm;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.routing.experiment.ArmCounts;
import io.skein.routing.experiment.Evidence;
import io.skein.routing.experiment.ExperimentRules.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The mesh's experiments: gathers what this node's event loops counted, tells the others its sums,
/// and ends an experiment when the sums of all say so. Confined to the mesh thread.
///
/// One node decides, so that looking at many places finds no more than looking at one: of those
/// that are alive and have compared something, the one with the smallest identity. Its verdict is a
/// record, upon which the others follow; its own requests are the control's at once. A part of the
/// mesh that is cut off has a smallest node as well. A node's word about its sums is taken as it
/// is: whoever may tell rumors may also write the record that ends an experiment.
final class Laboratory {
  private static final double MOST_LOG = 100;
  private static final double MOST_EVIDENCE = 1_000_000;
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final NodeId self;
  private final Experiments experiments;
  private final Peers peers;
  private final Function<Body, CompletableFuture<SignedRecord>> append;
  private final EventLog events;
  private final Map<Hash, Body.Experiment> unwritten = new TreeMap<>();
  private final Map<Hash, State> states = new HashMap<>();
  private long toldNanos;
  private long triedNanos;
  private boolean told;

  /// What is known of an experiment of this node's routes.
  ///
  /// @param ageNanos how long it has gone on
  /// @param nodes whose answers are in the evidence
  /// @param evidence of all of them
  /// @param finding what it says
  record State(long ageNanos, int nodes, Evidence evidence, Finding finding) {}

  Laboratory(
      NodeId self,
      Experiments experiments,
      Peers peers,
      Function<Body, CompletableFuture<SignedRecord>> append,
      EventLog events) {
    this.self = self;
    this.experiments = experiments;
    this.peers = peers;
    this.append = append;
    this.events = events;
  }

  /// Time has passed.
  void tick(long nowNanos) {
    List<Running> all = experiments.all();
    List<Running> gone = experiments.takeGone();
    if (all.isEmpty() && gone.isEmpty() && unwritten.isEmpty() && !told) {
      return;
    }
    gone.forEach(each -> {
      State known = look(each, nowNanos);
      if (mine(each)) {
        conclude(each, known, Conclusions.CHANGED, nowNanos);
      }
    });
    states.keySet().removeIf(run -> all.stream().noneMatch(each -> each.run().equals(run)));
    for (Running each : all) {
      if (each.on()) {
        each.gather(nowNanos);
        State now = look(each, nowNanos);
        states.put(each.run(), now);
        if (now.finding().verdict().ends() && mine(each)) {
          conclude(each, now, now.finding().verdict().name().toLowerCase(Locale.ROOT), nowNanos);
        }
      }
    }
    if (nowNanos - toldNanos >= TELL_NANOS) {
      toldNanos = nowNanos;
      tell(all, nowNanos);
      experiments.look();
    }
    if (!unwritten.isEmpty() && nowNanos - triedNanos >= AGAIN_NANOS) {
      triedNanos = nowNanos;
      unwritten.values().forEach(this::write);
    }
  }

  private void tell(List<Running> all, long nowNanos) {
    List<Trials.Part> parts = new ArrayList<>();
    for (Running each : all) {
      if (each.on() && parts.size() < Trials.MOST) {
        parts.add(
            new Trials.Part(
                each.run().toString(),
                TimeUnit.NANOSECONDS.toSeconds(each.ageNanos(nowNanos)),
                each.evidence()));
      }
    }
    if (told || !parts.isEmpty()) {
      peers.tell(new Trials(parts), nowNanos);
    }
    told = !parts.isEmpty();
  }

  /// What all that are alive found together.
  private State look(Running each, long nowNanos) {
    Evidence evidence = each.evidence();
    long age = each.ageNanos(nowNanos);
    int nodes = evidence.failures().batches() > 0 ? 1 : 0;
    for (Trials.Part part : parts(each).values()) {
      evidence = evidence.plus(part.evidence());
      age = Math.max(age, TimeUnit.SECONDS.toNanos(part.ageSeconds()));
      nodes += part.evidence().failures().batches() > 0 ? 1 : 0;
    }
    return new State(age, nodes, evidence, each.experiment().rules().judge(evidence, age));
  }

  private Map<NodeId, Trials.Part> parts(Running each) {
    Map<NodeId, Trials.Part> parts = new TreeMap<>();
    for (Peers.Peer peer : peers.all()) {
      if (peer.alive() && !peer.id().equals(self)) {
        peers
            .trials(peer.id())
            .flatMap(trials -> trials.of(each.run().toString()))
            .ifPresent(part -> parts.put(peer.id(), part));
      }
    }
    return parts;
  }

  /// Whether it is this node's to decide.
  private boolean mine(Running each) {
    boolean compared = each.evidence().failures().batches() > 0;
    for (Map.Entry<NodeId, Trials.Part> other : parts(each).entrySet()) {
      boolean theirs = other.getValue().evidence().failures().batches() > 0;
      if (theirs != compared ? theirs : other.getKey().compareTo(self) < 0) {
        return false;
      }
    }
    return true;
  }

  /// An operator ends the experiments of that name that go on here.
  ///
  /// @return the records, durable
  CompletableFuture<List<SignedRecord>> stop(String name, long nowNanos) {
    List<CompletableFuture<SignedRecord>> written =
        experiments.all().stream()
            .filter(each -> each.on() && each.experiment().name().equals(name))
            .map(each -> stop(each, nowNanos))
            .toList();
    return CompletableFuture.allOf(written.toArray(new CompletableFuture<?>[0]))
        .thenApply(_ -> written.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<SignedRecord> stop(Running each, long nowNanos) {
    each.gather(nowNanos);
    each.stop();
    return append.apply(result(each, look(each, nowNanos), Conclusions.STOPPED));
  }

  private void conclude(Running each, State state, String verdict, long nowNanos) {
    each.stop();
    triedNanos = nowNanos;
    Body.Experiment result = result(each, state, verdict);
    unwritten.put(each.run(), result);
    events.add(
        "experiment",
        verdict.equals("slower") || verdict.equals("failing") ? "warning" : "info",
        result.route() + "/" + result.name(),
        "ended: " + verdict);
    write(result);
  }

  // What is not written is tried again until its record comes.
  private void write(Body.Experiment result) {
    CompletableFuture<SignedRecord> _ = append.apply(result);
  }

  /// A record about an experiment has come, perhaps this node's own.
  void concluded(Body.Experiment result) {
    unwritten.remove(result.run());
  }

  /// What is known of an experiment that goes on, or went on here.
  Optional<State> state(Running each) {
    return Optional.ofNullable(states.get(each.run()));
  }

  private static Body.Experiment result(Running each, State state, String verdict) {
    Finding finding = state.finding();
    return new Body.Experiment(
        each.run(),
        each.route(),
        each.experiment().name(),
        verdict,
        Math.max(0, TimeUnit.NANOSECONDS.toSeconds(state.ageNanos())),
        state.nodes(),
        arm(state.evidence().control()),
        arm(state.evidence().treatment()),
        scaled(finding.latencyEffect(), MOST_LOG, 1e6),
        Double.isInfinite(finding.latencyHalfWidth())
            ? -1
            : scaled(finding.latencyHalfWidth(), MOST_LOG, 1e6),
        scaled(finding.harm(), MOST_EVIDENCE, 1e3),
        scaled(finding.gain(), MOST_EVIDENCE, 1e3),
        scaled(finding.enough(), MOST_EVIDENCE, 1e3));
  }

  private static long scaled(double value, double most, double by) {
    return Math.round(Math.clamp(Double.isNaN(value) ? 0 : value, -most, most) * by);
  }

  private static ExperimentArm arm(ArmCounts.Taken taken) {
    return new ExperimentArm(
        taken.requests(),
        taken.failed(),
        taken.good() == 0 ? 0 : Math.round(Math.exp(taken.logSum() / taken.good()) / 1e3));
  }
}
