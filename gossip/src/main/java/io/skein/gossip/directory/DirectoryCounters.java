package io.skein.gossip.directory;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a [MeshDirectory] did so far.
///
/// @param running whether the cache is up
/// @param entries entries this node's copy holds
/// @param written entries handed to the cache
/// @param dropped entries dropped because too many waited, or the cache failed; the audit brings
///   them
/// @param audits comparisons made
/// @param repairs what the audits changed, by `missing`, `stale`, `damaged`, `unexplained`
public record DirectoryCounters(
    boolean running,
    int entries,
    long written,
    long dropped,
    long audits,
    Map<String, Long> repairs) {
  /// Of a node without a directory.
  public static final DirectoryCounters NONE = new DirectoryCounters(false, 0, 0, 0, 0, Map.of());

  /// Copies the map.
  public DirectoryCounters {
    repairs = java.util.Collections.unmodifiableMap(new TreeMap<>(repairs));
  }

  static String name(Audit.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /// All repairs together.
  public long repaired() {
    return repairs.values().stream().mapToLong(Long::longValue).sum();
  }
}
