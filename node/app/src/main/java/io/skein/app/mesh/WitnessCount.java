package io.skein.app.mesh;

import io.skein.ledger.record.FeedId;

/// Knows who has seen that a record stands in its feed. On the mesh thread.
@FunctionalInterface
interface WitnessCount {
  /// How many nodes have cosigned a checkpoint of the feed that covers `seq`.
  int of(FeedId feed, long seq);
}
