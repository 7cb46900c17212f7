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
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Carries out a plan against a mesh and writes down what it does. One thread.
public final class Nemesis {
  private static final String NO_LINKS = "the network cannot be broken";
  private static final long REPLICATED_SECONDS = 15;
  private static final long LEAST_REVOKED_MILLIS = 8_000;

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

  /// The kinds of faults that are not possible there, with why.
  public static Map<Kind, String> impossible(Cluster cluster) throws InterruptedException {
    Map<Needs, String> missing = new EnumMap<>(Needs.class);
    if (cluster.nodes().isEmpty()) {
      for (Needs needs : Needs.values()) {
        missing.put(needs, "its machines are out of reach");
      }
      missing.remove(Needs.API);
    } else {
      missing.put(Needs.LINKS, cluster.links().isPresent() ? "" : NO_LINKS);
      missing.put(
          Needs.DELAY,
          cluster.links().isEmpty()
              ? NO_LINKS
              : cluster.links().filter(Links::canDelay).isPresent()
                  ? ""
                  : "neither netem in the kernel nor queues of packets");
      missing.put(
          Needs.LIMIT,
          cluster.links().isEmpty()
              ? NO_LINKS
              : cluster.links().filter(Links::canLimit).isPresent() ? "" : "no htb in the kernel");
      missing.put(
          Needs.OLDER, cluster.canUpgrade() ? "" : "no other build given by --upgrade-from");
      missing.put(Needs.CPU_LIMIT, cluster.canStarve() ? "" : "may not limit processors");
      missing.put(Needs.MEMORY, cluster.noMemoryLimits());
      missing.put(Needs.MOUNT, cluster.canMount() ? "" : "may not mount");
      missing.put(Needs.CLOCK, cluster.noClocks());
    }
    Map<Kind, String> impossible = new EnumMap<>(Kind.class);
    if (cluster.nodes().size() < OneInviteFault.LEAST_NODES) {
      impossible.put(Kind.ONE_INVITE, "takes " + OneInviteFault.LEAST_NODES + " nodes");
    }
    for (Kind kind : Kind.values()) {
      String why = missing.getOrDefault(kind.needs(), "");
      if (!why.isEmpty()) {
        impossible.put(kind, why);
      }
    }
    return impossible;
  }

  /// Carries the plan out; returns when its last fault has been taken back. Where faults take
  /// longer than planned, since nodes take their time to start, what follows comes later, and what
  /// would end too late is left out.
  ///
  /// @param beganNanos when the plan's time began, of the system's nanosecond clock
  public void run(Plan plan, long beganNanos) throws IOException, InterruptedException {
    long free = 0;
    for (List<Step> steps : plan.moments()) {
      Step first = steps.getFirst();
      long now = (System.nanoTime() - beganNanos) / 1_000_000;
      long begin = Math.max(first.atMillis(), free);
      if (begin + first.lengthMillis() > plan.millis()) {
        for (Step step : steps) {
          recorder.info("", "left-out", Json.of(step.kind().word() + ": no time left").toString());
          leftOut++;
        }
        continue;
      }
      TimeUnit.MILLISECONDS.sleep(Math.max(0, begin - now));
      strike(steps);
      free = (System.nanoTime() - beganNanos) / 1_000_000 + plan.gapMillis();
    }
  }

  private void strike(List<Step> steps) throws IOException, InterruptedException {
    Map<Step, Fault> begun = new LinkedHashMap<>();
    Map<Step, Fault.Proof> proofs = new LinkedHashMap<>();
    try {
      for (Step step : steps) {
        Fault fault = fault(step);
        recorder.fault(
            fault.mark(
                FaultMark.begins(step.id(), step.kind().word(), String.join(" ", step.nodes()))
                    .withTouches(step.nodes())));
        begun.put(step, fault);
        fault.begin();
      }
      last(begun);
      for (Map.Entry<Step, Fault> one : begun.entrySet()) {
        proofs.put(one.getKey(), one.getValue().proof());
      }
    } finally {
      end(begun);
    }
    proofs.forEach(this::tell);
  }

  /// All at once: some do something as long as they last.
  private static void last(Map<Step, Fault> faults) throws IOException, InterruptedException {
    List<Callable<Void>> all = new ArrayList<>();
    faults.forEach((step, fault) ->
        all.add(() -> {
          fault.last(step.lengthMillis());
          return null;
        }));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : threads.invokeAll(all)) {
        done.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException broken) {
        throw broken;
      }
      throw new IOException(e.getCause());
    }
  }

  /// Links first: a node that starts may need them.
  private void end(Map<Step, Fault> begun) throws IOException, InterruptedException {
    List<Map.Entry<Step, Fault>> order = new ArrayList<>(begun.entrySet());
    order.sort(Comparator.comparing(one -> !(one.getValue() instanceof LinkFault)));
    for (Map.Entry<Step, Fault> one : order) {
      one.getValue().end();
      recorder.fault(FaultMark.ends(one.getKey().id(), one.getKey().kind().word()));
    }
  }

  private void tell(Step step, Fault.Proof proof) {
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
          step.kind() == Kind.ONE_INVITE
              ? new OneInviteFault(
                  step.id(),
                  struck,
                  cluster.links().orElseThrow(),
                  workloads::gate,
                  node -> heldBy(node, OneInviteFault.staying(struck)),
                  recorder,
                  OneInviteFault.JUDGED_MILLIS)
              : new LinkFault(
                  cluster.links().orElseThrow(),
                  step,
                  nodes.stream().map(NodeHandle::name).toList());
      case CLOCK -> new ClockFault(step, struck.getFirst(), seed);
      case SYNCS -> new SlowDiskFault(step, struck.getFirst(), seed);
      case PROCESSES, OLDER, MOUNT, MEMORY, CPU_LIMIT ->
          switch (step.kind()) {
            case OLD_DISK, EMPTY_DISK, OLD_INVITE, CORRUPT_DISK, FULL_DISK ->
                new DiskFault(
                    step,
                    struck.getFirst(),
                    workloads.gate(struck.getFirst().name()),
                    this::heldElsewhere,
                    seed);
            case REVOKE ->
                new RevokeFault(
                    struck.getFirst(),
                    cluster.targets().stream()
                        .filter(target -> !target.name().equals(struck.getFirst().name()))
                        .toList(),
                    workloads.gate(struck.getFirst().name()),
                    this::heldElsewhere,
                    recorder,
                    LEAST_REVOKED_MILLIS);
            default -> new ProcessFault(step, struck, nodes.getFirst(), recorder);
          };
    };
  }

  private boolean heldElsewhere(NodeHandle node) throws InterruptedException {
    return heldBy(
        node, cluster.nodes().stream().filter(other -> !other.name().equals(node.name())).toList());
  }

  private static boolean heldBy(NodeHandle node, List<NodeHandle> others)
      throws InterruptedException {
    Map<String, Long> here = Workloads.heads(node.target()).orElse(Map.of());
    long deadline = System.nanoTime() + REPLICATED_SECONDS * 1_000_000_000L;
    while (!here.isEmpty() && System.nanoTime() < deadline) {
      for (NodeHandle other : others) {
        if (Workloads.heads(other.target())
            .filter(there -> Workloads.atLeast(there, here))
            .isPresent()) {
          return true;
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
