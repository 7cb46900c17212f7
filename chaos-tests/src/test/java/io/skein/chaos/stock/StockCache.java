package io.skein.chaos.stock;

import org.infinispan.conflict.MergePolicy;
import org.infinispan.partitionhandling.PartitionHandling;

/// A cache that keeps a set.
///
/// @param whenSplit whether it goes on serving while the mesh is split
/// @param merging which value stays when a split has healed
/// @param layout how the set is kept in it
record StockCache(PartitionHandling whenSplit, MergePolicy merging, SetLayout layout) {
  String name() {
    return whenSplit + "-" + merging + "-" + layout;
  }
}
