package io.skein.chaos.nemesis;

import io.skein.chaos.driver.Cluster;
import io.skein.chaos.driver.Links;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.nemesis.Kind.Needs;
import io.skein.chaos.workload.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Carries out a plan against a mesh and writes down what it does. One thread.
public final class Nemesis {
  private static final long REPLICATED_SECONDS = 15;

  private final Cluster cluster;
  private final Workloads workloads;
  private final Recorder recorder;
  private final long seed;
  private final List<String> without = new ArrayList<>();
  private int done;
  private int leftOut;

  /// @param seed what the details of faults are drawn from
  public Nemesis(Cluster cluster, Workloads workloads, Recorder recorder, long seed) {
    this.cluster = cluster;
    this.workloads = workloads;
    this.recorder = recorder;
    this.seed = seed;
  }

  /// The kinds of faults that are possible there.
  public static List<Kind> possible(Cluster cluster) throws InterruptedException {
    Set<Needs> given = EnumSet.of(Needs.API);
    if (!cluster.nodes().isEmpty()) {
      given.add(Needs.PROCESSES);
    }
    cluster.links().ifPresent(_ -> given.add(Needs.LINKS));
    cluster.links().filter(Links::canDelay).ifPresent(_ -> given.add(Needs.DELAY));
    cluster.links().filter(Links::canLimit).ifPresent(_ -> given.add(Needs.LIMIT));
    if (cluster.canStarve()) {
      given.add(Needs.CPU_LIMIT);
    }
    if (cluster.canMount()) {
      given.add(Needs.MOUNT);
    }
    return Arrays.stream(Kind.values()).filter(kind -> given.contains(kind.needs())).toList();
  }

  /// Carries the plan out; returns when its last fault has been taken back. Where faults take
  /// longer than planned, since nodes take their time to start, what follows comes later, and what
  /// would end too late is left out.
  ///
  /// @param beganNanos when the plan's time began, of the system's nanosecond clock
  public void run(Plan plan, long beganNanos) throws IOException, InterruptedException {
    long free = 0;
    for (Step step : plan.steps()) {
      long now = (System.nanoTime() - beganNanos) / 1_000_000;
      long begin = Math.max(step.atMillis(), free);
      if (begin + step.lengthMillis() > plan.millis()) {
        recorder.info("", "left-out", Json.of(step.kind().word() + ": no time left").toString());
        leftOut++;
        continue;
      }
      TimeUnit.MILLISECONDS.sleep(Math.max(0, begin - now));
      strike(step);
      free = (System.nanoTime() - beganNanos) / 1_000_000 + plan.gapMillis();
    }
  }

  private void strike(Step step) throws IOException, InterruptedException {
    Fault fault = fault(step);
    FaultMark bare =
        FaultMark.begins(step.id(), step.kind().word(), String.join(" ", step.nodes()));
    recorder.fault(fault.mark(bare));
    Fault.Proof proof;
    try {
      fault.begin();
      fault.last(step.lengthMillis());
      proof = fault.proof();
    } finally {
      fault.end();
    }
    recorder.fault(FaultMark.ends(step.id(), step.kind().word()));
    recorder.info(
        "",
        proof.held() ? "proof" : "no-proof",
        Json.object()
            .with("of", step.id())
            .with("name", step.kind().word())
            .with("seen", proof.text())
            .toString());
    done++;
    if (!proof.held()) {
      without.add(step.kind().word() + " (" + proof.text() + ")");
    }
  }

  private Fault fault(Step step) {
    List<NodeHandle> nodes = cluster.nodes();
    List<NodeHandle> struck =
        step.nodes().stream()
            .flatMap(name -> nodes.stream().filter(node -> node.name().equals(name)))
            .toList();
    return switch (step.kind().needs()) {
      case API ->
          new ApiFault(
              step,
              cluster.targets().stream()
                  .filter(target -> target.name().equals(step.nodes().getFirst()))
                  .findFirst()
                  .orElseThrow());
      case LINKS, DELAY, LIMIT ->
          new LinkFault(
              cluster.links().orElseThrow(), step, nodes.stream().map(NodeHandle::name).toList());
      case PROCESSES, MOUNT, CPU_LIMIT ->
          switch (step.kind()) {
            case OLD_DISK, EMPTY_DISK, CORRUPT_DISK, FULL_DISK ->
                new DiskFault(
                    step,
                    struck.getFirst(),
                    workloads.gate(struck.getFirst().name()),
                    this::heldElsewhere,
                    seed);
            default -> new ProcessFault(step, struck, nodes.getFirst(), recorder);
          };
    };
  }

  private boolean heldElsewhere(NodeHandle node) throws InterruptedException {
    Map<String, Long> here = Workloads.heads(node.target());
    long deadline = System.nanoTime() + REPLICATED_SECONDS * 1_000_000_000L;
    while (!here.isEmpty() && System.nanoTime() < deadline) {
      for (NodeHandle other : cluster.nodes()) {
        if (!other.name().equals(node.name())) {
          Map<String, Long> there = Workloads.heads(other.target());
          if (here.entrySet().stream()
              .allMatch(head -> there.getOrDefault(head.getKey(), 0L) >= head.getValue())) {
            return true;
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return false;
  }

  /// How many faults have been made and taken back.
  public int done() {
    return done;
  }

  /// How many faults there was no time for.
  public int leftOut() {
    return leftOut;
  }

  /// Faults that did not take hold, with what was seen.
  public List<String> withoutProof() {
    return List.copyOf(without);
  }
}
