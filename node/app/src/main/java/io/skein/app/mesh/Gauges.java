package io.skein.app.mesh;

import io.skein.ledger.log.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Figures of the mesh for metrics, taken once a second.
///
/// @param aliveMembers members alive, this node included
/// @param records records held
/// @param setAside endpoints set aside
/// @param waiting messages waiting for the mesh thread
/// @param dropped messages dropped because too many waited
/// @param refused records refused, by reason
/// @param ignored records that count for nothing, by reason
/// @param forks feeds proven forked
/// @param malformed messages of state exchange and contact that were none
/// @param storageFailures how often records could not be made durable
/// @param storageSound whether records can be made durable now
/// @param repairs how much this node repaired, and what came of repairs
/// @param diagnoses what it finds wrong now, by kind
/// @param patience by how much it multiplies its patience with others
public record Gauges(
    int aliveMembers,
    long records,
    int setAside,
    int waiting,
    long dropped,
    Map<String, Long> refused,
    Map<String, Long> ignored,
    long forks,
    long malformed,
    long storageFailures,
    boolean storageSound,
    RepairCounts.Totals repairs,
    Map<String, Integer> diagnoses,
    int patience) {
  /// Before the first second is over.
  static final Gauges AT_START =
      new Gauges(
          1, 0, 0, 0, 0, Map.of(), Map.of(), 0, 0, 0, true, RepairCounts.Totals.NONE, Map.of(), 1);

  public Gauges {
    refused = Map.copyOf(refused);
    ignored = Map.copyOf(ignored);
    diagnoses = Map.copyOf(diagnoses);
  }

  /// The figures now. On the mesh thread.
  static Gauges of(
      Peers peers,
      Records records,
      Derived derived,
      Hearing hearing,
      long malformedMessages,
      Repairs repairs,
      int patience) {
    Map<String, Integer> diagnoses = new TreeMap<>();
    repairs.diagnoses().forEach(each -> diagnoses.merge(each.kind(), 1, Integer::sum));
    return new Gauges(
        1 + (int) peers.all().stream().filter(Peers.Peer::alive).count(),
        records.ledger().recordCount(),
        derived.verdicts().allSetAside().size(),
        hearing.waiting(),
        hearing.dropped(),
        records.refusals(),
        records.ignored(derived.ignored()),
        records.forks(),
        malformedMessages,
        records.ledger().storageFailures(),
        records.storageFailure().isEmpty(),
        repairs.counts().totals(),
        diagnoses,
        patience);
  }

  /// The reasons for which records are refused, as metrics name them.
  public static List<String> reasonsToRefuse() {
    return Arrays.stream(Refusal.values()).map(Records::word).toList();
  }

  /// The reasons for which records are ignored, as metrics name them.
  public static List<String> reasonsToIgnore() {
    return List.of(Records.REPLAYED, Speakers.ENDED, Speakers.STRANGER, Derived.FAULTY_CONTRACT);
  }
}
