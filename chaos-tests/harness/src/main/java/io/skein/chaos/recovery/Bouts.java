package io.skein.chaos.recovery;

import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.ProcessMesh;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Carries out one fault after the other under load.
final class Bouts {
  /// How long a fault stays. HAProxy's defaults notice a silent endpoint after up to 8 s.
  static final Duration HOLD = Duration.ofSeconds(12);

  private static final Duration CALM = Duration.ofSeconds(2);
  private static final Duration AFTER = Duration.ofSeconds(8);
  private static final Duration SETTLE = Duration.ofSeconds(90);
  private static final Duration ANSWERED = Duration.ofMillis(Balancers.DEADLINE_MILLIS + 300L);

  private final ProcessMesh mesh;
  private final Scene scene;
  private final List<Load> loads;

  Bouts(ProcessMesh mesh, Scene scene, List<Load> loads) {
    this.mesh = mesh;
    this.scene = scene;
    this.loads = List.copyOf(loads);
  }

  /// Waits for a quiet mesh, breaks it, mends it, and looks at what clients saw.
  Bout run(Breakage fault, NodeHandle victim) throws IOException, InterruptedException {
    boolean calm = calm();
    List<NodeHandle> lost = scene.lost(fault, victim);
    List<NodeHandle> left = mesh.nodes().stream().filter(node -> !lost.contains(node)).toList();
    long begun = System.nanoTime();
    scene.begin(fault, victim);
    Sight sight = new Sight(left, lost);
    TimeUnit.NANOSECONDS.sleep(begun + HOLD.toNanos() - System.nanoTime());
    OptionalLong seen = sight.end(begun);
    boolean held = scene.holds(fault, victim);
    long mended = System.nanoTime();
    scene.end(fault, victim);
    TimeUnit.MILLISECONDS.sleep(AFTER.toMillis());
    long over = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(ANSWERED.toMillis());
    Map<String, Recovery> recoveries = new TreeMap<>();
    Map<String, Map<String, Integer>> wrong = new TreeMap<>();
    long lag = 0;
    for (Load load : loads) {
      List<Answer> answers =
          load.take().stream().filter(answer -> answer.dueNanos() < over).toList();
      recoveries.put(load.name(), Recovery.of(answers, begun, mended));
      Map<String, Integer> why = new TreeMap<>();
      for (Answer answer : answers) {
        if (!answer.good() && answer.dueNanos() >= begun) {
          why.merge(answer.why(), 1, Integer::sum);
        }
        lag = Math.max(lag, answer.lagNanos());
      }
      wrong.put(load.name(), why);
    }
    return new Bout(fault, victim.name(), held, calm, recoveries, wrong, lag, seen);
  }

  /// Waits until every node sees every other and every request of some seconds was answered.
  private boolean calm() throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    while (System.nanoTime() < deadline) {
      loads.forEach(Load::take);
      TimeUnit.MILLISECONDS.sleep(CALM.plus(ANSWERED).toMillis());
      boolean all =
          mesh.targets().stream().allMatch(node -> ProcessMesh.alive(node) == mesh.nodes().size());
      boolean served = loads.stream().allMatch(load -> load.take().stream().allMatch(Answer::good));
      if (all && served && mesh.allInUse()) {
        return true;
      }
    }
    return false;
  }
}
