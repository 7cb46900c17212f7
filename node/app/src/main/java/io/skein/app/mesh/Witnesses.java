package io.skein.app.mesh;

import io.skein.ledger.record.FeedId;

/// Who has seen that a record stands in its feed: the nodes that cosigned a checkpoint which covers
/// it. On the mesh thread.
interface Witnesses {
  /// No checkpoint has been cosigned.
  Witnesses NONE =
      new Witnesses() {
        @Override
        public int of(FeedId feed, long seq) {
          return 0;
        }

        @Override
        public int quorum() {
          return 3;
        }
      };

  /// How many nodes have cosigned a checkpoint of the feed that covers `seq`.
  int of(FeedId feed, long seq);

  /// How many of them make a record witnessed, at least 1.
  int quorum();
}
