package io.skein.app.mesh;

import io.skein.api.view.Ladder;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.witness.Witnesses;

/// Tells how far records have come. On the mesh thread.
final class Ladders {
  private final Records records;
  private final NodeId self;
  private WitnessCount witnesses = (_, _) -> 0;

  Ladders(Records records, NodeId self) {
    this.records = records;
    this.self = self;
  }

  /// Who knows about cosigned checkpoints.
  void witnesses(WitnessCount known) {
    witnesses = known;
  }

  /// Where a durable record stands. Another's record is held by its author too, known or not.
  Ladder of(FeedId feed, long seq) {
    int known = records.replicas(feed, seq);
    int replicas = feed.author().equals(self) ? known : Math.max(1, known);
    int cosigned = witnesses.of(feed, seq);
    String level =
        cosigned >= Witnesses.QUORUM ? "witnessed" : replicas > 0 ? "replicated" : "local";
    return new Ladder(level, replicas, cosigned);
  }
}
