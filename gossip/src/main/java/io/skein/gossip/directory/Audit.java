package io.skein.gossip.directory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Compares what this node's copy of the directory holds with what the source says, and tells what
/// must change in the copy; never the other way round.
///
/// What is missing or damaged is put right at once. Another version than the source's may be so for
/// a moment only, as source and copy hear of a change by different messages. It is put right when
/// the next audit finds the same bytes still, and so is an entry without a source.
///
/// Confined to one thread.
final class Audit {
  private final Map<String, byte[]> undecided = new HashMap<>();

  /// What is wrong with an entry.
  enum Kind {
    /// The source knows it, the copy does not.
    MISSING,
    /// Older than the source's.
    STALE,
    /// Not what the source says of that version, or no entry at all.
    DAMAGED,
    /// Not known to the source, or later than what it knows.
    UNEXPLAINED
  }

  /// One change to the copy.
  ///
  /// @param bytes what to put there; empty: nothing belongs there
  record Repair(String key, Kind kind, Optional<byte[]> bytes) {}

  /// What must change in `held` so that it equals `expected`, in the order of the keys.
  List<Repair> compare(Map<String, DirectoryEntry> expected, Map<String, byte[]> held) {
    Map<String, Repair> repairs = new TreeMap<>();
    Map<String, byte[]> open = new HashMap<>();
    expected.forEach((key, entry) -> {
      byte[] wanted = entry.toBytes();
      byte[] found = held.get(key);
      if (found == null) {
        repairs.put(key, new Repair(key, Kind.MISSING, Optional.of(wanted)));
      } else if (!Arrays.equals(found, wanted)) {
        Kind kind = judge(entry, found);
        if (kind == Kind.DAMAGED || seenBefore(key, found)) {
          repairs.put(key, new Repair(key, kind, Optional.of(wanted)));
        } else {
          open.put(key, found);
        }
      }
    });
    held.forEach((key, found) -> {
      if (!expected.containsKey(key)) {
        boolean damaged = DirectoryEntry.read(found).isEmpty();
        if (damaged || seenBefore(key, found)) {
          Kind kind = damaged ? Kind.DAMAGED : Kind.UNEXPLAINED;
          repairs.put(key, new Repair(key, kind, Optional.empty()));
        } else {
          open.put(key, found);
        }
      }
    });
    undecided.clear();
    undecided.putAll(open);
    return List.copyOf(repairs.values());
  }

  /// Whether something was left for the next audit to decide.
  boolean undecided() {
    return !undecided.isEmpty();
  }

  private boolean seenBefore(String key, byte[] found) {
    return Arrays.equals(undecided.get(key), found);
  }

  private static Kind judge(DirectoryEntry wanted, byte[] found) {
    Optional<DirectoryEntry> entry = DirectoryEntry.read(found);
    if (entry.isEmpty()) {
      return Kind.DAMAGED;
    }
    int versions = Long.compareUnsigned(entry.get().clock(), wanted.clock());
    if (versions == 0) {
      versions = entry.get().author().compareTo(wanted.author());
    }
    if (versions == 0) {
      return Kind.DAMAGED;
    }
    return versions < 0 ? Kind.STALE : Kind.UNEXPLAINED;
  }
}
