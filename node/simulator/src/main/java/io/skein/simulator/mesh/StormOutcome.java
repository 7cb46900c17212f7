package io.skein.simulator.mesh;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What came of a storm.
///
/// @param storm what went wrong
/// @param violations what was found wrong with the mesh; empty if it kept its promises
/// @param acknowledged honest nodes' records acknowledged
/// @param detections how often each kind of cheat was answered as it has to be
/// @param reentries nodes that came back after the retention and re-entered
/// @param lyingWitnesses witnesses that cosigned what no feed holds
/// @param equalAfter from the last write until all honest nodes were equal
/// @param traceHash over everything that happened on the network
record StormOutcome(
    Storm storm,
    List<String> violations,
    int acknowledged,
    Map<Lie, Integer> detections,
    int reentries,
    int lyingWitnesses,
    Duration equalAfter,
    String traceHash) {
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
}
