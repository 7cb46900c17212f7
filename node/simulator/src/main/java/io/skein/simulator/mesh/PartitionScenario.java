package io.skein.simulator.mesh;

import io.skein.ledger.record.Hash;
import io.skein.reputation.snapshot.Scores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Five nodes, split two against three for 30 seconds while clients write to all of them and, in
/// half of the runs, one of them loses power; then healed.
///
/// Expected: both sides go on acknowledging writes; after the heal every acknowledged record is on
/// every node exactly once and no other; heads and reputations are equal on all.
public final class PartitionScenario {
  private static final int NODES = 5;
  private static final int SMALL_SIDE = 2;
  private static final Duration WARM_UP = Duration.ofSeconds(14);
  private static final Duration SPLIT = Duration.ofSeconds(30);
  private static final Duration AFTERMATH = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration WRITE_EVERY = Duration.ofSeconds(2);

  private PartitionScenario() {}

  /// What came of a run.
  ///
  /// @param seed the run's seed
  /// @param faults what went wrong in it
  /// @param violations what was found wrong; empty if the mesh kept its promises
  /// @param acknowledged records acknowledged by their authors
  /// @param smallSideWrites clients' writes acknowledged by the side of two during the split
  /// @param largeSideWrites by the side of three
  /// @param equalAfter from the last write to equal heads everywhere
  /// @param headsRoots of all nodes at the end
  /// @param scores as all nodes compute them at the end
  /// @param traceHash over everything that happened
  public record Outcome(
      long seed,
      Faults faults,
      List<String> violations,
      int acknowledged,
      int smallSideWrites,
      int largeSideWrites,
      Duration equalAfter,
      List<Hash> headsRoots,
      List<Scores> scores,
      String traceHash) {
    public Outcome {
      violations = List.copyOf(violations);
      headsRoots = List.copyOf(headsRoots);
      scores = List.copyOf(scores);
    }
  }

  /// Runs it once.
  public static Outcome run(long seed) {
    MeshSimulation mesh = new MeshSimulation(seed, NODES);
    Faults faults = mesh.faults();
    List<Integer> small = faults.order().subList(0, SMALL_SIDE);
    List<Integer> large = faults.order().subList(SMALL_SIDE, NODES);
    Set<String> others = new HashSet<>();
    Set<String> smallTaken = new HashSet<>();
    Set<String> largeTaken = new HashSet<>();
    List<String> violations = new ArrayList<>();

    write(mesh, faults.order(), WARM_UP, others);
    mesh.run(WARM_UP);
    mesh.split(small);
    write(mesh, small, SPLIT, smallTaken);
    write(mesh, large, SPLIT, largeTaken);
    faults
        .crashed()
        .ifPresent(node -> {
          mesh.after(faults.crashAfter(), () -> loseAWrite(mesh, node));
          mesh.after(faults.crashAfter().plus(faults.downFor()), () -> mesh.restart(node));
        });
    mesh.run(SPLIT);
    smallTaken.retainAll(mesh.acknowledgedWrites());
    largeTaken.retainAll(mesh.acknowledgedWrites());
    if (mesh.headsRoots().stream().distinct().count() < 2) {
      violations.add("the split split nothing");
    }
    mesh.heal();
    write(mesh, faults.order(), AFTERMATH, others);
    mesh.run(AFTERMATH);
    mesh.fallSilent();
    Duration quietSince = mesh.now();
    if (!mesh.runUntilEqual(PATIENCE)) {
      violations.add("heads differ " + PATIENCE.toSeconds() + " s after the last write");
    }
    Duration equalAfter = mesh.now().minus(quietSince);
    violations.addAll(mesh.violations());
    return new Outcome(
        seed,
        faults,
        violations,
        mesh.acknowledged(),
        smallTaken.size(),
        largeTaken.size(),
        equalAfter,
        mesh.headsRoots(),
        mesh.scores(),
        mesh.traceHash());
  }

  private static void write(
      MeshSimulation mesh, List<Integer> nodes, Duration howLong, Set<String> taken) {
    Duration until = mesh.now().plus(howLong);
    nodes.forEach(node -> mesh.writeAtRandom(node, WRITE_EVERY, until, taken));
  }

  /// A write that is taken and never synced was never acknowledged, and must be nowhere.
  private static void loseAWrite(MeshSimulation mesh, int node) {
    mesh.write(node);
    mesh.crash(node);
  }
}
