package io.skein.chaos.nemesis;

import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Faults of processes: killed, stopped, starved, restarted.
final class ProcessFault implements Fault {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final int PARTS = 1_000;
  private static final String RESTART = "restart";
  private static final int STARVED_PERCENT = 10;
  private static final Duration KILLED_WITHIN = Duration.ofSeconds(20);

  private final Step step;
  private final List<NodeHandle> nodes;
  private final NodeHandle seed;
  private final Recorder recorder;
  private final List<String> seen = new ArrayList<>();
  private boolean held = true;
  private long shortBefore;

  /// @param nodes whom it strikes
  /// @param seed the node that the others joined by
  /// @param recorder hears of what happens within a fault
  ProcessFault(Step step, List<NodeHandle> nodes, NodeHandle seed, Recorder recorder) {
    this.recorder = recorder;
    this.step = step;
    this.nodes = List.copyOf(nodes);
    this.seed = seed;
  }

  @Override
  public FaultMark mark(FaultMark bare) {
    List<String> names = nodes.stream().map(NodeHandle::name).toList();
    return switch (step.kind()) {
      case ENDPOINT, ROLLING, UPGRADE, STARVE -> bare;
      case SEED_GONE -> bare.withDown(List.of(seed.name(), names.getFirst()));
      default -> bare.withDown(names);
    };
  }

  @Override
  public void begin() throws IOException, InterruptedException {
    switch (step.kind()) {
      case PAUSE_SHORT, PAUSE_LONG -> nodes.getFirst().pause(true);
      case ENDPOINT -> nodes.getFirst().endpoint(false);
      case STARVE -> nodes.getFirst().starve(STARVED_PERCENT);
      case STARVE_MEMORY -> {
        shortBefore = nodes.getFirst().memoryShortages();
        nodes.getFirst().starveMemory(true);
      }
      case OOM_KILL -> {
        held = nodes.getFirst().killForMemory(KILLED_WITHIN);
        kill();
      }
      case ROLLING, UPGRADE -> {}
      case SEED_GONE -> {
        seed.kill();
        nodes.getFirst().kill();
      }
      default -> kill();
    }
  }

  /// All at once, as far as one after the other is.
  private void kill() throws IOException, InterruptedException {
    for (NodeHandle node : nodes) {
      node.kill();
    }
  }

  @Override
  public void last(long millis) throws IOException, InterruptedException {
    switch (step.kind()) {
      case ROLLING, UPGRADE -> {
        for (NodeHandle node : nodes) {
          long before = node.pid();
          long id = step.id() * PARTS + seen.size() + 1;
          recorder.fault(FaultMark.begins(id, RESTART, node.name()).withDown(List.of(node.name())));
          node.terminate(Duration.ofSeconds(40));
          if (step.kind() == Kind.UPGRADE) {
            node.upgrade();
          }
          node.start();
          node.awaitReady(READY);
          recorder.fault(FaultMark.ends(id, RESTART));
          held &= node.pid() != before && (step.kind() == Kind.ROLLING || node.upgraded());
          seen.add(node.name());
        }
      }
      case SEED_GONE -> {
        nodes.getFirst().startWithoutSeed();
        nodes.getFirst().awaitReady(READY);
        TimeUnit.MILLISECONDS.sleep(millis);
      }
      default -> TimeUnit.MILLISECONDS.sleep(millis);
    }
  }

  @Override
  public Proof proof() throws IOException, InterruptedException {
    switch (step.kind()) {
      case ROLLING, UPGRADE -> {}
      case SEED_GONE -> look(seed, !seed.running(), "gone");
      case PAUSE_SHORT, PAUSE_LONG -> look(nodes.getFirst(), nodes.getFirst().paused(), "stopped");
      case ENDPOINT ->
          look(nodes.getFirst(), !nodes.getFirst().endpointRunning(), "without endpoint");
      case STARVE -> look(nodes.getFirst(), nodes.getFirst().starved(), "held back");
      case STARVE_MEMORY -> {
        long times = nodes.getFirst().memoryShortages() - shortBefore;
        look(nodes.getFirst(), times > 0, "short of memory, " + times + " times");
      }
      case OOM_KILL -> look(nodes.getFirst(), held, "killed by the kernel for want of memory");
      default -> nodes.forEach(node -> look(node, !node.running(), "gone"));
    }
    return new Proof(held, String.join(", ", seen));
  }

  private void look(NodeHandle node, boolean so, String word) {
    held &= so;
    seen.add(node.name() + (so ? " " : " not ") + word);
  }

  @Override
  public void end() throws IOException, InterruptedException {
    switch (step.kind()) {
      case PAUSE_SHORT, PAUSE_LONG -> nodes.getFirst().pause(false);
      case ENDPOINT -> nodes.getFirst().endpoint(true);
      case STARVE -> nodes.getFirst().starve(0);
      case STARVE_MEMORY -> {
        nodes.getFirst().starveMemory(false);
        nodes.getFirst().awaitReady(READY);
      }
      case ROLLING, UPGRADE -> {}
      case SEED_GONE -> {
        seed.start();
        seed.awaitReady(READY);
      }
      default -> {
        for (NodeHandle node : nodes) {
          node.start();
        }
        for (NodeHandle node : nodes) {
          node.awaitReady(READY);
        }
      }
    }
  }
}
