package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Who computed which reputations from which heads, for the newest [#MAX] heads.
///
/// A root's first four bytes are the number of the rules it was computed by. Roots by different
/// rules are not compared: while a mesh is brought to another version, they differ without anybody
/// lying.
final class ReputationRoots {
  static final int MAX = 1_024;

  private final Map<Basis, Told> byBasis = new HashMap<>();
  private final TreeMap<Age, Basis> byAge = new TreeMap<>();

  /// What a root was computed from, and how.
  private record Basis(Hash headsRoot, int rules) implements Comparable<Basis> {
    static Basis of(Hash headsRoot, Hash repRoot) {
      return new Basis(headsRoot, ByteBuffer.wrap(repRoot.toBytes()).getInt());
    }

    @Override
    public int compareTo(Basis other) {
      int order = headsRoot.compareTo(other.headsRoot);
      return order != 0 ? order : Integer.compareUnsigned(rules, other.rules);
    }
  }

  private record Told(Hash repRoot, NodeId by) {}

  private record Age(long hlc, Basis basis) implements Comparable<Age> {
    @Override
    public int compareTo(Age other) {
      int order = Long.compare(hlc, other.hlc);
      return order != 0 ? order : basis.compareTo(other.basis);
    }
  }

  /// Notes what `by` computed, and objects if somebody else computed something else by the same
  /// rules.
  Optional<Alarm> told(Hash headsRoot, Hash repRoot, NodeId by, long hlc) {
    Basis basis = Basis.of(headsRoot, repRoot);
    Told told = byBasis.get(basis);
    if (told != null) {
      return told.repRoot().equals(repRoot)
          ? Optional.empty()
          : Optional.of(
              new Alarm.ReputationDiffers(headsRoot, told.by(), told.repRoot(), by, repRoot));
    }
    byBasis.put(basis, new Told(repRoot, by));
    byAge.put(new Age(hlc, basis), basis);
    if (byAge.size() > MAX) {
      byBasis.remove(byAge.pollFirstEntry().getValue());
    }
    return Optional.empty();
  }

  void clear() {
    byBasis.clear();
    byAge.clear();
  }
}
