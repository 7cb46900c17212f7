package io.skein.simulator.mesh;

import io.skein.chaos.check.Bounds;
import io.skein.chaos.check.Judgement;
import io.skein.chaos.history.History;
import io.skein.chaos.history.MalformedHistory;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What came of a storm.
///
/// @param storm what went wrong
/// @param history what clients and readers saw until the calm, if there is one
/// @param judgement what the chaos harness's checks say of that
/// @param violations what was found wrong with the mesh; empty if it kept its promises
/// @param balance honest nodes' records, and whether they are all where they have to be
/// @param detections how often each kind of cheat was answered as it has to be
/// @param reentries nodes that came back after the retention and re-entered
/// @param lyingWitnesses witnesses that cosigned what no feed holds
/// @param equalAfter from the last write until all honest nodes were equal
/// @param traceHash over everything that happened on the network
record StormOutcome(
    Storm storm,
    History history,
    Judgement judgement,
    List<String> violations,
    Balance balance,
    Map<Lie, Integer> detections,
    int reentries,
    int lyingWitnesses,
    Duration equalAfter,
    String traceHash) {
  /// What is asked of a storm's mesh: what the product promises, but of availability nothing, since
  /// what is written is answered when it is durable.
  static final Bounds BOUNDS = Bounds.PROMISED.withAvailable(0);

  /// Copies the collections.
  public StormOutcome {
    violations = List.copyOf(violations);
    detections = Map.copyOf(detections);
  }

  /// Runs the storm of a seed against sound nodes.
  static StormOutcome of(long seed) {
    return of(seed, StormSimulation.Broken.SOUND);
  }

  static StormOutcome of(long seed, StormSimulation.Broken broken) {
    return of(Storm.draw(seed), broken);
  }

  static StormOutcome of(Storm storm, StormSimulation.Broken broken) {
    return new io.skein.ledger.key.VerifiedSignatures()
        .during(() -> new StormSimulation(storm, broken).run());
  }

  /// Honest nodes' records acknowledged.
  long acknowledged() {
    return balance.acknowledged();
  }

  /// The command that runs a seed again.
  static String replay(long seed) {
    return "./mvnw -pl node/simulator -am -Dtest=StormSimulationTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed="
        + seed
        + " test";
  }

  static Judgement judge(History history) {
    try {
      return Judgement.of(history, BOUNDS);
    } catch (MalformedHistory e) {
      throw new IllegalStateException(e);
    }
  }
}
