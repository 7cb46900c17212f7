package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.Optional;
import java.util.SortedSet;

/// What this package asks of the ledger it works for. Called on the ledger's thread.
public interface MeshFacts {
  /// The mesh.
  Hash meshId();

  /// The tree over a feed's durable records; empty if the feed is not held.
  Optional<TreeHashes> tree(FeedId feed);

  /// The key of anybody who is or was a member.
  Optional<PublicKey> keyOf(NodeId node);

  /// The members whose word counts now: neither revoked nor forked. The same set for the same
  /// records.
  SortedSet<NodeId> members();

  /// Whether a fork has frozen the feed.
  boolean frozen(FeedId feed);

  /// How many records of a feed a cut covers: of these only those that stay are shown; 0 if it is
  /// not cut.
  long cutSize(FeedId feed);
}
