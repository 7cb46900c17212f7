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
  /// How long a fault stays at most. HAProxy's defaults notice a silent endpoint after up to 8 s.
  static final Duration HOLD = Duration.ofSeconds(12);

  /// A fault is mended earlier when the clients of all balancers have been served for this long.
  static final Duration STABLE = Duration.ofSeconds(3);

  private static final Duration CALM = Duration.ofSeconds(2);
  private static final Duration SETTLE = Duration.ofSeconds(90);
  private static final long LOOK_MILLIS = 250;

  private final ProcessMesh mesh;
  private final Scene scene;
  private final List<Load> loads;
  private boolean calm;

  Bouts(ProcessMesh mesh, Scene scene, List<Load> loads) {
    this.mesh = mesh;
    this.scene = scene;
    this.loads = List.copyOf(loads);
  }

  /// Waits for a quiet mesh, breaks it until clients are served again, mends it, and looks at what
  /// they saw until it is quiet again.
  Bout run(Breakage fault, NodeHandle victim) throws IOException, InterruptedException {
    boolean quiet = calm || settled(new Watch(loads));
    List<NodeHandle> lost = scene.lost(fault, victim);
    List<NodeHandle> left = mesh.nodes().stream().filter(node -> !lost.contains(node)).toList();
    Watch watch = new Watch(loads);
    long begun = System.nanoTime();
    scene.begin(fault, victim);
    Sight sight = new Sight(left, lost);
    hold(watch, sight, begun);
    OptionalLong seen = sight.end(begun);
    boolean held = scene.holds(fault, victim);
    long mended = System.nanoTime();
    scene.end(fault, victim);
    calm = settled(watch);
    long over = System.nanoTime() - Watch.ANSWERED_NANOS;
    Map<String, Recovery> recoveries = new TreeMap<>();
    Map<String, Map<String, Integer>> wrong = new TreeMap<>();
    long lag = 0;
    for (Load load : loads) {
      List<Answer> answers =
          watch.answers(load).stream().filter(answer -> answer.dueNanos() < over).toList();
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
    return new Bout(fault, victim.name(), held, quiet, recoveries, wrong, lag, seen);
  }

  private static void hold(Watch watch, Sight sight, long begunNanos) throws InterruptedException {
    long now = System.nanoTime();
    while (now - begunNanos < HOLD.toNanos()
        && !(watch.served(begunNanos, STABLE.toNanos(), now) && sight.complete())) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      now = System.nanoTime();
    }
  }

  /// Waits until all requests have been answered for some seconds, every node sees every other, and
  /// no balancer holds an endpoint for unfit.
  private boolean settled(Watch watch) throws InterruptedException {
    long begun = System.nanoTime();
    for (long now = begun; now - begun < SETTLE.toNanos(); now = System.nanoTime()) {
      if (watch.served(begun, CALM.toNanos(), now)
          && mesh.targets().stream()
              .allMatch(node -> ProcessMesh.alive(node) == mesh.nodes().size())
          && mesh.allInUse()
          && scene.pairsUp()) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return false;
  }
}
