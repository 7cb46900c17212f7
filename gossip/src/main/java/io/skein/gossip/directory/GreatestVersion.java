package io.skein.gossip.directory;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.container.entries.CacheEntry;
import org.jspecify.annotations.Nullable;

/// Decides when two halves of a mesh meet: the greatest version stands, whoever held it and in
/// whatever order the halves are asked. Bytes that are no entry lose against any that are.
final class GreatestVersion implements EntryMergePolicy<String, Object> {
  private static final Comparator<byte[]> ORDER = GreatestVersion::compare;

  @Override
  @SuppressWarnings("NullAway") // the interface's way to say that no replica holds the key
  public CacheEntry<String, Object> merge(
      @Nullable CacheEntry<String, Object> preferred, List<CacheEntry<String, Object>> others) {
    return Stream.concat(Stream.ofNullable(preferred), others.stream())
        .filter(entry -> Objects.nonNull(entry) && !entry.isRemoved() && entry.getValue() != null)
        .max(Comparator.comparing(entry -> MeshCache.bytes(entry.getValue()), ORDER))
        .orElse(null);
  }

  /// Positive if `one` stands against `other`.
  static int compare(byte[] one, byte[] other) {
    Optional<DirectoryEntry> left = DirectoryEntry.read(one);
    Optional<DirectoryEntry> right = DirectoryEntry.read(other);
    if (left.isPresent() && right.isPresent()) {
      return left.get().compareTo(right.get());
    }
    int order = Boolean.compare(left.isPresent(), right.isPresent());
    return order != 0 ? order : Arrays.compareUnsigned(one, other);
  }
}
