package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Who computed which reputations from which heads, for the newest [#MAX] heads.
final class ReputationRoots {
  static final int MAX = 1_024;

  private final Map<Hash, Told> byHeads = new HashMap<>();
  private final TreeMap<Age, Hash> byAge = new TreeMap<>();

  private record Told(Hash repRoot, NodeId by) {}

  private record Age(long hlc, Hash headsRoot) implements Comparable<Age> {
    @Override
    public int compareTo(Age other) {
      int order = Long.compare(hlc, other.hlc);
      return order != 0 ? order : headsRoot.compareTo(other.headsRoot);
    }
  }

  /// Notes what `by` computed, and objects if somebody else computed something else.
  Optional<Alarm> told(Hash headsRoot, Hash repRoot, NodeId by, long hlc) {
    Told told = byHeads.get(headsRoot);
    if (told != null) {
      return told.repRoot().equals(repRoot)
          ? Optional.empty()
          : Optional.of(
              new Alarm.ReputationDiffers(headsRoot, told.by(), told.repRoot(), by, repRoot));
    }
    byHeads.put(headsRoot, new Told(repRoot, by));
    byAge.put(new Age(hlc, headsRoot), headsRoot);
    if (byAge.size() > MAX) {
      byHeads.remove(byAge.pollFirstEntry().getValue());
    }
    return Optional.empty();
  }

  void clear() {
    byHeads.clear();
    byAge.clear();
  }
}
